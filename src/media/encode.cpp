#include "media/encode.h"

#include <png.h>
#include <turbojpeg.h>

#include <fmt/format.h>
#include <memory>

namespace awl::media {

namespace {

// Three channels are a good part smaller than four.
std::vector<uint8_t> without_alpha(const Pixels& pixels) {
  std::vector<uint8_t> rgb;
  rgb.reserve(pixels.rgba.size() / kBytesPerPixel * 3);
  for (size_t i = 0; i < pixels.rgba.size(); i += kBytesPerPixel) {
    rgb.insert(rgb.end(), pixels.rgba.begin() + static_cast<ptrdiff_t>(i),
               pixels.rgba.begin() + static_cast<ptrdiff_t>(i + 3));
  }
  return rgb;
}

std::unexpected<Error> failed(std::string_view format, std::string_view cause) {
  return fail(ErrorKind::kInternal, fmt::format("the {} encoder failed: {}", format, cause));
}

}  // namespace

Result<std::string> encode_png(const Pixels& pixels) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = pixels.size.width;
  png.height = pixels.size.height;
  const bool opaque = pixels.is_opaque();
  png.format = opaque ? PNG_FORMAT_RGB : PNG_FORMAT_RGBA;
  const std::vector<uint8_t> rgb = opaque ? without_alpha(pixels) : std::vector<uint8_t>();
  const std::unique_ptr<png_image, decltype(&png_image_free)> owner(&png, png_image_free);
  std::string out(PNG_IMAGE_PNG_SIZE_MAX(png), '\0');
  png_alloc_size_t size = out.size();
  const uint8_t* data = opaque ? rgb.data() : pixels.rgba.data();
  if (png_image_write_to_memory(&png, out.data(), &size, 0, data, 0, nullptr) == 0)
    return failed("PNG", png.message);
  out.resize(size);
  return out;
}

Result<std::string> encode_jpeg(const Pixels& pixels, int quality) {
  const std::unique_ptr<void, decltype(&tjDestroy)> compressor(tjInitCompress(), tjDestroy);
  if (compressor == nullptr) return failed("JPEG", "it does not start");
  unsigned char* data = nullptr;
  unsigned long size = 0;
  const int width = static_cast<int>(pixels.size.width);
  const int height = static_cast<int>(pixels.size.height);
  const int status = tjCompress2(compressor.get(), pixels.rgba.data(), width, 0, height, TJPF_RGBX, &data,
                                 &size, TJSAMP_420, quality, 0);
  const std::unique_ptr<unsigned char, decltype(&tjFree)> owner(data, tjFree);
  if (status != 0) return failed("JPEG", tjGetErrorStr2(compressor.get()));
  return std::string(reinterpret_cast<const char*>(data), size);
}

}  // namespace awl::media
