// Brings an image under limits.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "image/limits.h"

namespace awl::media {

struct FitLimits {
  uint32_t max_side = image::kMaxSide;
  size_t max_bytes = image::kMaxBytes;
  /// Above this, when it can be had at the same number of pixels, a JPEG replaces the image.
  size_t comfortable_bytes = image::kComfortableBytes;
};

struct Fitted {
  std::string_view media_type;
  image::Size original;  ///< as it is looked at: turned as Exif says
  image::Size size;
  std::string bytes;  ///< empty: the image is within the limits and decodes; send it as it is
};

/// Decodes the image in any case, so that damage is found. Errors: those of decode(); kInvalidInput for what
/// is none of the four formats and for what cannot be made small enough.
Result<Fitted> fit(std::string_view bytes, const FitLimits& limits);

}  // namespace awl::media
