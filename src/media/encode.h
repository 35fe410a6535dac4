// From pixels to the bytes of a file.
#pragma once

#include <string>

#include "base/error.h"
#include "media/pixels.h"

namespace awl::media {

/// Without loss. Errors: kInternal.
Result<std::string> encode_png(const Pixels& pixels);

/// `quality` from 1 to 100; alpha is left out. Errors: kInternal.
Result<std::string> encode_jpeg(const Pixels& pixels, int quality);

}  // namespace awl::media
