// Images as the API takes them: what is too large is made smaller by awl-media, in a process of its own.
#pragma once

#include <string>

#include "async/task.h"
#include "base/error.h"
#include "image/limits.h"
#include "tools/session.h"

namespace awl::tools {

enum class ImageCare {
  kLimits,   ///< change only what the API would refuse; what is within its limits keeps its bytes
  kComfort,  ///< also find damage, turn photographs upright, and make what is merely heavy lighter
};

struct SendableImage {
  std::string media_type;
  std::string bytes;
  image::Size original;
  image::Size size;
  bool changed = false;
};

/// `shown` begins the errors: "photo.png", "image 2 of the message". Errors: kInvalidInput for what is no
/// image, damaged, or cannot be brought within the limits; kUnsupported when that needs awl-media and it is
/// missing; kTimeout, kIo.
Task<Result<SendableImage>> make_sendable(std::string bytes, std::string shown, ImageCare care,
                                          const Session& session);

/// {"type":"image",…} with the bytes in base64.
std::string image_block(const SendableImage& image);

}  // namespace awl::tools
