#include "media/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "image/header.h"
#include "media/decode.h"
#include "media/encode.h"

namespace awl::media {

namespace {

constexpr std::array kQualities{80, 60, 40};
constexpr int kLowestQuality = 20;  // only for what would be refused otherwise

// Sides change places for the orientations that turn by a quarter.
image::Size looked_at(const image::Header& header) {
  image::Size size{header.width, header.height};
  if (header.orientation >= 5) std::swap(size.width, size.height);
  return size;
}

// The best JPEG that is comfortably small; else the smallest that is still good, or at least allowed.
Result<std::string> smallest_jpeg(const Pixels& pixels, const FitLimits& limits) {
  std::string jpeg;
  for (const int quality : kQualities) {
    AWL_TRY(jpeg, encode_jpeg(pixels, quality));
    if (jpeg.size() <= limits.comfortable_bytes) return jpeg;
  }
  if (jpeg.size() > limits.max_bytes) {
    AWL_TRY(jpeg, encode_jpeg(pixels, kLowestQuality));
  }
  if (jpeg.size() <= limits.max_bytes) return jpeg;
  return fail(ErrorKind::kInvalidInput,
              fmt::format("the picture cannot be made smaller than {} bytes; {} are the limit", jpeg.size(),
                          limits.max_bytes));
}

// Drawings and screenshots stay sharp and small as PNG; photographs never are small there.
Result<> encode_small(Pixels& pixels, const FitLimits& limits, bool lossless_first, Fitted& out) {
  if (lossless_first) {
    AWL_TRY(out.bytes, encode_png(pixels));
    out.media_type = "image/png";
    if (out.bytes.size() <= limits.comfortable_bytes) return {};
  }
  remove_alpha(pixels);
  AWL_TRY(out.bytes, smallest_jpeg(pixels, limits));
  out.media_type = "image/jpeg";
  return {};
}

}  // namespace

Result<Fitted> fit(std::string_view bytes, const FitLimits& limits) {
  const auto header = image::identify(bytes);
  if (!header) return fail(ErrorKind::kInvalidInput, "it is no PNG, JPEG, GIF or WebP image");
  AWL_TRY(Pixels pixels, decode(bytes, *header, limits.max_side));
  Fitted out;
  out.media_type = header->media_type;
  out.original = looked_at(*header);
  if (out.original.width == 0 || out.original.height == 0) out.original = pixels.size;
  out.size = image::fit_inside(out.original, limits.max_side);
  const bool same_size = out.size == out.original;
  const bool lossless = header->media_type == "image/png" || header->media_type == "image/gif";
  const bool good = same_size && header->orientation == 1 && bytes.size() <= limits.max_bytes;
  if (good && bytes.size() <= limits.comfortable_bytes) return out;

  pixels = upright(std::move(pixels), header->orientation);
  const image::Size target{std::min(out.size.width, pixels.size.width),
                           std::min(out.size.height, pixels.size.height)};
  if (target != pixels.size) pixels = shrink(pixels, target);
  out.size = target;
  AWL_CHECK(encode_small(pixels, limits, lossless && !good, out));
  if (good && out.bytes.size() >= bytes.size()) {
    out.bytes.clear();
    out.media_type = header->media_type;
  }
  return out;
}

}  // namespace awl::media
