#include "media/pixels.h"

#include <algorithm>
#include <array>

namespace awl::media {

namespace {

struct Span {
  uint32_t begin;
  uint32_t end;
};

// The old pixels that new pixel `index` of `count` covers; at least one.
Span covered(uint32_t index, uint32_t count, uint32_t whole) {
  const auto begin = static_cast<uint32_t>(uint64_t{index} * whole / count);
  const auto end = static_cast<uint32_t>((uint64_t{index} + 1) * whole / count);
  return {begin, std::max(end, begin + 1)};
}

// A column of sums for one new row: red, green, blue, each times alpha, and alpha.
using Sums = std::array<uint64_t, 4>;

void add_row(const uint8_t* row, const std::vector<Span>& columns, std::vector<Sums>& sums) {
  for (size_t x = 0; x < columns.size(); ++x) {
    for (uint32_t i = columns[x].begin; i < columns[x].end; ++i) {
      const uint8_t* pixel = row + size_t{i} * kBytesPerPixel;
      const uint64_t alpha = pixel[3];
      for (size_t channel = 0; channel < 3; ++channel) sums[x][channel] += pixel[channel] * alpha;
      sums[x][3] += alpha;
    }
  }
}

void write_row(const std::vector<Sums>& sums, const std::vector<Span>& columns, uint64_t rows, uint8_t* out) {
  for (size_t x = 0; x < columns.size(); ++x) {
    const uint64_t count = rows * (columns[x].end - columns[x].begin);
    const uint64_t alpha = sums[x][3];
    for (size_t channel = 0; channel < 3; ++channel) {
      *out++ = alpha == 0 ? 0 : static_cast<uint8_t>((sums[x][channel] + alpha / 2) / alpha);
    }
    *out++ = static_cast<uint8_t>((alpha + count / 2) / count);
  }
}

}  // namespace

bool Pixels::is_opaque() const {
  for (size_t i = 3; i < rgba.size(); i += kBytesPerPixel) {
    if (rgba[i] != 255) return false;
  }
  return true;
}

Pixels upright(Pixels pixels, int orientation) {
  if (orientation <= 1 || orientation > 8) return pixels;
  const uint32_t width = pixels.size.width;
  const uint32_t height = pixels.size.height;
  const bool swaps_sides = orientation >= 5;
  // Where the walk over the old picture goes, for the eight values (Exif 2.3, 4.6.4, table of Orientation).
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool from_bottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  Pixels out;
  out.size = swaps_sides ? image::Size{height, width} : pixels.size;
  out.rgba.resize(pixels.rgba.size());
  uint8_t* target = out.rgba.data();
  for (uint32_t y = 0; y < out.size.height; ++y) {
    for (uint32_t x = 0; x < out.size.width; ++x) {
      const uint32_t column = swaps_sides ? y : x;
      const uint32_t row = swaps_sides ? x : y;
      const size_t from_x = from_right ? width - 1 - column : column;
      const size_t from_y = from_bottom ? height - 1 - row : row;
      target = std::copy_n(pixels.rgba.data() + (from_y * width + from_x) * kBytesPerPixel, kBytesPerPixel,
                           target);
    }
  }
  return out;
}

Pixels shrink(const Pixels& pixels, image::Size size) {
  std::vector<Span> columns(size.width);
  for (uint32_t x = 0; x < size.width; ++x) columns[x] = covered(x, size.width, pixels.size.width);
  Pixels out;
  out.size = size;
  out.rgba.resize(size_t{size.width} * size.height * kBytesPerPixel);
  std::vector<Sums> sums(size.width);
  for (uint32_t y = 0; y < size.height; ++y) {
    const Span rows = covered(y, size.height, pixels.size.height);
    std::fill(sums.begin(), sums.end(), Sums{});
    for (uint32_t row = rows.begin; row < rows.end; ++row) {
      add_row(pixels.rgba.data() + size_t{row} * pixels.size.width * kBytesPerPixel, columns, sums);
    }
    write_row(sums, columns, rows.end - rows.begin,
              out.rgba.data() + size_t{y} * size.width * kBytesPerPixel);
  }
  return out;
}

void remove_alpha(Pixels& pixels) {
  for (size_t i = 0; i < pixels.rgba.size(); i += kBytesPerPixel) {
    const uint32_t alpha = pixels.rgba[i + 3];
    if (alpha == 255) continue;
    for (size_t channel = 0; channel < 3; ++channel) {
      uint8_t& value = pixels.rgba[i + channel];
      value = static_cast<uint8_t>((value * alpha + 255 * (255 - alpha) + 127) / 255);
    }
    pixels.rgba[i + 3] = 255;
  }
}

}  // namespace awl::media
