// A decoded picture.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "image/limits.h"

namespace awl::media {

/// Eight bits a channel, red, green, blue and alpha (not premultiplied), rows from top to bottom without
/// gaps.
struct Pixels {
  image::Size size;
  std::vector<uint8_t> rgba;

  bool is_opaque() const;
};

constexpr size_t kBytesPerPixel = 4;
/// Of one picture in memory: a 50,000 x 50,000 one in a file of a few kilobytes would take 10 GB.
constexpr uint64_t kMaxPixels = 64'000'000;

/// Turns and mirrors to what the Exif orientation (1 to 8) says the picture should look like.
Pixels upright(Pixels pixels, int orientation);

/// Each new pixel is the average of those it covers, weighted by alpha. `size` is not larger than the
/// picture.
Pixels shrink(const Pixels& pixels, image::Size size);

/// Laid on white.
void remove_alpha(Pixels& pixels);

}  // namespace awl::media
