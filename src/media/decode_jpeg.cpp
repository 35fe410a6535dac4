#include <turbojpeg.h>

#include <algorithm>
#include <memory>
#include <span>

#include "media/decode.h"

namespace awl::media {

namespace {

using Decompressor = std::unique_ptr<void, decltype(&tjDestroy)>;

// The smallest size that the decoder makes by itself (n/8 of the whole) and that is large enough.
image::Size choose_size(image::Size whole, uint32_t wanted_side) {
  const image::Size wanted = image::fit_inside(whole, wanted_side);
  int count = 0;
  const tjscalingfactor* factors = tjGetScalingFactors(&count);
  image::Size best = whole;
  for (const tjscalingfactor& factor : std::span(factors, static_cast<size_t>(std::max(count, 0)))) {
    const image::Size scaled{static_cast<uint32_t>(TJSCALED(static_cast<int>(whole.width), factor)),
                             static_cast<uint32_t>(TJSCALED(static_cast<int>(whole.height), factor))};
    if (scaled.width >= wanted.width && scaled.height >= wanted.height && scaled.width < best.width)
      best = scaled;
  }
  return best;
}

// Adobe's programs store CMYK inverted, 255 is no ink, and mark their files; the decoder gives what is
// stored.
void cmyk_to_rgba(std::vector<uint8_t>& pixels, bool inverted) {
  const auto light = [inverted](uint8_t ink) { return inverted ? uint32_t{ink} : 255U - ink; };
  for (size_t i = 0; i < pixels.size(); i += kBytesPerPixel) {
    const uint32_t black = light(pixels[i + 3]);
    for (size_t channel = 0; channel < 3; ++channel) {
      pixels[i + channel] = static_cast<uint8_t>((light(pixels[i + channel]) * black + 127) / 255);
    }
    pixels[i + 3] = 255;
  }
}

bool is_adobe(std::string_view bytes) {
  constexpr size_t kSearched = 64 << 10;
  return bytes.substr(0, kSearched)
             .find(std::string_view("\xFF\xEE\0\x0E"
                                    "Adobe",
                                    9)) != std::string_view::npos;
}

}  // namespace

Result<Pixels> decode_jpeg(std::string_view bytes, uint32_t wanted_side) {
  const Decompressor decompressor(tjInitDecompress(), tjDestroy);
  if (decompressor == nullptr) return fail(ErrorKind::kInternal, "the JPEG decoder does not start");
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  int width = 0;
  int height = 0;
  int sampling = 0;
  int colours = 0;
  if (tjDecompressHeader3(decompressor.get(), data, bytes.size(), &width, &height, &sampling, &colours) !=
      0) {
    return damaged("JPEG", tjGetErrorStr2(decompressor.get()));
  }
  const image::Size size =
      choose_size({static_cast<uint32_t>(width), static_cast<uint32_t>(height)}, wanted_side);
  AWL_CHECK(check_size(size));
  const bool cmyk = colours == TJCS_CMYK || colours == TJCS_YCCK;
  Pixels pixels;
  pixels.size = size;
  pixels.rgba.resize(size_t{size.width} * size.height * kBytesPerPixel);
  // A progressive JPEG of a few kilobytes can ask for thousands of passes.
  const int failed =
      tjDecompress2(decompressor.get(), data, bytes.size(), pixels.rgba.data(), static_cast<int>(size.width),
                    0, static_cast<int>(size.height), cmyk ? TJPF_CMYK : TJPF_RGBA, TJFLAG_LIMITSCANS);
  // What the decoder only warns of, other programs take too; but the end must be there.
  const bool warned = failed != 0 && tjGetErrorCode(decompressor.get()) == TJERR_WARNING;
  const bool has_end = bytes.rfind("\xFF\xD9") != std::string_view::npos;
  if (failed != 0 && !(warned && has_end)) return damaged("JPEG", tjGetErrorStr2(decompressor.get()));
  if (cmyk) cmyk_to_rgba(pixels.rgba, is_adobe(bytes));
  return pixels;
}

}  // namespace awl::media
