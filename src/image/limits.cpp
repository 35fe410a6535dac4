#include "image/limits.h"

#include <algorithm>

namespace awl::image {

Size fit_inside(Size size, uint32_t max_side) {
  const uint32_t longest = std::max(size.width, size.height);
  if (longest <= max_side) return size;
  const auto scaled = [&](uint32_t side) {
    const uint64_t rounded = (uint64_t{side} * max_side + longest / 2) / longest;
    return static_cast<uint32_t>(std::max<uint64_t>(rounded, 1));
  };
  return {scaled(size.width), scaled(size.height)};
}

}  // namespace awl::image
