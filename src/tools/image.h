#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/error.h"

namespace awl::tools {

struct ImageInfo {
  std::string_view media_type;  ///< image/png, image/jpeg, image/gif, image/webp
  uint32_t width = 0;           ///< pixels; 0 when the file does not say it where it should
  uint32_t height = 0;
};

/// By the first bytes (64 KiB are enough but for odd JPEG files); nullopt: not one of the four formats that
/// the API takes.
std::optional<ImageInfo> identify_image(std::string_view bytes);

/// The API's limits for one image: 5 MB in base64, 8000 pixels a side. A request with a larger one is refused
/// as a whole, again with every later turn, so it must never get into the conversation. Errors:
/// kInvalidInput, with what to do.
Result<> check_image(const ImageInfo& image, uint64_t size_bytes, std::string_view shown);

}  // namespace awl::tools
