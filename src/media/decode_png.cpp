#include <png.h>

#include <memory>

#include "media/decode.h"

namespace awl::media {

Result<Pixels> decode_png(std::string_view bytes) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  const std::unique_ptr<png_image, decltype(&png_image_free)> owner(&png, png_image_free);
  if (png_image_begin_read_from_memory(&png, bytes.data(), bytes.size()) == 0)
    return damaged("PNG", png.message);
  AWL_CHECK(check_size({png.width, png.height}));
  // The library brings every kind, 16 bits, palettes, grey, to this one.
  png.format = PNG_FORMAT_RGBA;
  png.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
  Pixels pixels;
  pixels.size = {png.width, png.height};
  pixels.rgba.resize(PNG_IMAGE_SIZE(png));
  if (png_image_finish_read(&png, nullptr, pixels.rgba.data(), 0, nullptr) == 0)
    return damaged("PNG", png.message);
  return pixels;
}

}  // namespace awl::media
