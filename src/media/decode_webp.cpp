#include <webp/decode.h>
#include <webp/demux.h>

#include <memory>

#include "media/decode.h"

namespace awl::media {

namespace {

Result<Pixels> first_frame(const WebPData& data, image::Size size) {
  WebPAnimDecoderOptions options;
  if (WebPAnimDecoderOptionsInit(&options) == 0)
    return fail(ErrorKind::kInternal, "the WebP decoder does not start");
  options.color_mode = MODE_RGBA;
  const std::unique_ptr<WebPAnimDecoder, decltype(&WebPAnimDecoderDelete)> decoder(
      WebPAnimDecoderNew(&data, &options), WebPAnimDecoderDelete);
  uint8_t* frame = nullptr;
  int time_ms = 0;
  if (decoder == nullptr || WebPAnimDecoderGetNext(decoder.get(), &frame, &time_ms) == 0) {
    return damaged("WebP", "its first frame cannot be read");
  }
  const size_t length = size_t{size.width} * size.height * kBytesPerPixel;
  return Pixels{size, std::vector<uint8_t>(frame, frame + length)};
}

}  // namespace

Result<Pixels> decode_webp(std::string_view bytes) {
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(data, bytes.size(), &features) != VP8_STATUS_OK)
    return damaged("WebP", "its header is broken");
  const image::Size size{static_cast<uint32_t>(features.width), static_cast<uint32_t>(features.height)};
  AWL_CHECK(check_size(size));
  if (features.has_animation != 0) return first_frame({data, bytes.size()}, size);
  Pixels pixels;
  pixels.size = size;
  pixels.rgba.resize(size_t{size.width} * size.height * kBytesPerPixel);
  const int stride = static_cast<int>(size.width * kBytesPerPixel);
  if (WebPDecodeRGBAInto(data, bytes.size(), pixels.rgba.data(), pixels.rgba.size(), stride) == nullptr) {
    return damaged("WebP", "its pixels cannot be read");
  }
  return pixels;
}

}  // namespace awl::media
