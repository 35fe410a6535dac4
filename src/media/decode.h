// From the bytes of a file to pixels, one format a file. What these libraries are given may have been made to
// break them: call them in a process that is confined (media/confine.h).
#pragma once

#include <string_view>

#include "base/error.h"
#include "image/header.h"
#include "media/pixels.h"

namespace awl::media {

/// Decodes what identify() called `header`; of an animation the first frame. A JPEG may come smaller than it
/// is, but no smaller than fit_inside(…, wanted_side). Errors: kParse for damaged data, kInvalidInput for a
/// picture with more than kMaxPixels.
Result<Pixels> decode(std::string_view bytes, const image::Header& header, uint32_t wanted_side);

Result<Pixels> decode_png(std::string_view bytes);
Result<Pixels> decode_jpeg(std::string_view bytes, uint32_t wanted_side);
Result<Pixels> decode_gif(std::string_view bytes);
Result<Pixels> decode_webp(std::string_view bytes);

/// Errors: kInvalidInput for a picture that is empty or has more than kMaxPixels.
Result<> check_size(image::Size size);

/// The error for damaged data: `format` and what the library said.
std::unexpected<Error> damaged(std::string_view format, std::string_view cause);

}  // namespace awl::media
