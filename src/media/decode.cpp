#include "media/decode.h"

#include <fmt/format.h>

namespace awl::media {

Result<> check_size(image::Size size) {
  if (size.width == 0 || size.height == 0) return fail(ErrorKind::kInvalidInput, "the picture has no pixels");
  if (uint64_t{size.width} * size.height > kMaxPixels) {
    return fail(ErrorKind::kInvalidInput,
                fmt::format("the picture has {}x{} pixels; {} million can be handled", size.width,
                            size.height, kMaxPixels / 1'000'000));
  }
  return {};
}

std::unexpected<Error> damaged(std::string_view format, std::string_view cause) {
  return fail(ErrorKind::kParse, fmt::format("its {} data is damaged ({})", format, cause));
}

Result<Pixels> decode(std::string_view bytes, const image::Header& header, uint32_t wanted_side) {
  if (header.media_type == "image/png") return decode_png(bytes);
  if (header.media_type == "image/jpeg") return decode_jpeg(bytes, wanted_side);
  if (header.media_type == "image/gif") return decode_gif(bytes);
  return decode_webp(bytes);
}

}  // namespace awl::media
