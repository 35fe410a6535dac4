#include "tools/image.h"

#include <fmt/format.h>

namespace awl::tools {

namespace {

constexpr uint64_t kMaxBytes = 5ULL * 1024 * 1024 / 4 * 3;  // before base64
constexpr uint32_t kMaxSide = 8000;

// `count` bytes at `offset` as a number; 0 behind the end.
uint32_t big_endian(std::string_view bytes, size_t offset, size_t count) {
  if (offset > bytes.size() || bytes.size() - offset < count) return 0;
  uint32_t value = 0;
  for (size_t i = 0; i < count; ++i) value = value << 8U | static_cast<uint8_t>(bytes[offset + i]);
  return value;
}

uint32_t little_endian(std::string_view bytes, size_t offset, size_t count) {
  if (offset > bytes.size() || bytes.size() - offset < count) return 0;
  uint32_t value = 0;
  for (size_t i = count; i > 0; --i) value = value << 8U | static_cast<uint8_t>(bytes[offset + i - 1]);
  return value;
}

// Walks the segments to the frame header (ITU T.81, B.2).
void measure_jpeg(std::string_view bytes, ImageInfo& image) {
  size_t at = 2;
  while (at + 9 < bytes.size()) {
    if (static_cast<uint8_t>(bytes[at]) != 0xFF) return;
    const auto marker = static_cast<uint8_t>(bytes[at + 1]);
    if (marker == 0xFF) {
      ++at;
      continue;
    }
    const bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (frame) {
      image.height = big_endian(bytes, at + 5, 2);
      image.width = big_endian(bytes, at + 7, 2);
      return;
    }
    at += 2 + big_endian(bytes, at + 2, 2);
  }
}

// The three kinds of first chunk (RFC 9649).
void measure_webp(std::string_view bytes, ImageInfo& image) {
  const std::string_view chunk = bytes.substr(12, 4);
  if (chunk == "VP8X") {
    image.width = little_endian(bytes, 24, 3) + 1;
    image.height = little_endian(bytes, 27, 3) + 1;
  } else if (chunk == "VP8L") {
    const uint32_t bits = little_endian(bytes, 21, 4);
    image.width = (bits & 0x3FFFU) + 1;
    image.height = (bits >> 14U & 0x3FFFU) + 1;
  } else if (chunk == "VP8 ") {
    image.width = little_endian(bytes, 26, 2) & 0x3FFFU;
    image.height = little_endian(bytes, 28, 2) & 0x3FFFU;
  }
}

}  // namespace

std::optional<ImageInfo> identify_image(std::string_view bytes) {
  ImageInfo image;
  if (bytes.starts_with("\x89PNG\r\n\x1A\n")) {
    image.media_type = "image/png";
    image.width = big_endian(bytes, 16, 4);
    image.height = big_endian(bytes, 20, 4);
  } else if (bytes.starts_with("\xFF\xD8\xFF")) {
    image.media_type = "image/jpeg";
    measure_jpeg(bytes, image);
  } else if (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a")) {
    image.media_type = "image/gif";
    image.width = little_endian(bytes, 6, 2);
    image.height = little_endian(bytes, 8, 2);
  } else if (bytes.starts_with("RIFF") &&
             bytes.substr(std::min<size_t>(8, bytes.size())).starts_with("WEBP")) {
    image.media_type = "image/webp";
    if (bytes.size() >= 16) measure_webp(bytes, image);
  } else {
    return std::nullopt;
  }
  return image;
}

Result<> check_image(const ImageInfo& image, uint64_t size_bytes, std::string_view shown) {
  constexpr std::string_view kShrink =
      "make a smaller copy first, for instance with ImageMagick in Bash, and read that";
  if (image.width == 0 || image.height == 0) {
    return fail(
        ErrorKind::kInvalidInput,
        fmt::format("{} begins like an image ({}) but is damaged or cut short", shown, image.media_type));
  }
  if (size_bytes > kMaxBytes) {
    return fail(ErrorKind::kInvalidInput, fmt::format("{} has {} bytes; an image may have {}: {}", shown,
                                                      size_bytes, kMaxBytes, kShrink));
  }
  if (image.width > kMaxSide || image.height > kMaxSide) {
    return fail(ErrorKind::kInvalidInput, fmt::format("{} has {}x{} pixels; an image may have {} a side: {}",
                                                      shown, image.width, image.height, kMaxSide, kShrink));
  }
  return {};
}

}  // namespace awl::tools
