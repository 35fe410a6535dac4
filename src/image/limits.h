// What the Messages API takes of one image. Source: platform documentation, "Vision", request limits.
//
// A request with an image beyond them is refused as a whole, again with every later turn, so such an image
// must never get into a conversation.
#pragma once

#include <cstddef>
#include <cstdint>

namespace awl::image {

/// Pixels a side. A single image may have 8000, but all images of a request with more than 20 of them only
/// this: a conversation that grows must not become invalid.
constexpr uint32_t kMaxSide = 2000;
/// In base64, which is how it is sent: the smallest limit among the platforms.
constexpr size_t kMaxBase64Bytes = 5 << 20;
/// The same before base64.
constexpr size_t kMaxBytes = kMaxBase64Bytes / 4 * 3;
/// Above this a Read sends a smaller JPEG instead: nothing is seen better, and every later request carries
/// it.
constexpr size_t kComfortableBytes = 500'000;
/// Of what is given to the decoder.
constexpr size_t kMaxSourceBytes = 64 << 20;

struct Size {
  uint32_t width = 0;
  uint32_t height = 0;
  friend bool operator==(const Size&, const Size&) = default;
};

/// The largest size of the same shape with no side above `max_side`; the same when it fits already. No side
/// becomes 0.
Size fit_inside(Size size, uint32_t max_side);

}  // namespace awl::image
