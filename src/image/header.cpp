#include "image/header.h"

#include <algorithm>

namespace awl::image {

namespace {

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

// The tag of that name in the first directory of a TIFF structure (Exif 2.3, 4.6.4); 1 when there is none.
int exif_orientation(std::string_view segment) {
  constexpr std::string_view kExif("Exif\0\0", 6);
  constexpr uint32_t kOrientationTag = 0x0112;
  constexpr uint32_t kEntryBytes = 12;
  if (!segment.starts_with(kExif)) return 1;
  const std::string_view tiff = segment.substr(kExif.size());
  const bool little = tiff.starts_with("II");
  if (!little && !tiff.starts_with("MM")) return 1;
  const auto number = little ? little_endian : big_endian;
  const size_t directory = number(tiff, 4, 4);
  const uint32_t entries = number(tiff, directory, 2);
  for (uint32_t i = 0; i < entries; ++i) {
    const size_t entry = directory + 2 + size_t{i} * kEntryBytes;
    if (entry >= tiff.size()) break;
    if (number(tiff, entry, 2) != kOrientationTag) continue;
    const uint32_t value = number(tiff, entry + 8, 2);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

// Walks the segments to the frame header (ITU T.81, B.2).
void measure_jpeg(std::string_view bytes, Header& header) {
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
      header.height = big_endian(bytes, at + 5, 2);
      header.width = big_endian(bytes, at + 7, 2);
      return;
    }
    const size_t length = big_endian(bytes, at + 2, 2);
    if (marker == 0xE1 && length > 2 && header.orientation == 1)
      header.orientation = exif_orientation(bytes.substr(at + 4, length - 2));
    at += 2 + length;
  }
}

// The three kinds of first chunk (RFC 9649).
void measure_webp(std::string_view bytes, Header& header) {
  const std::string_view chunk = bytes.substr(12, 4);
  if (chunk == "VP8X" && bytes.size() >= 30) {
    header.width = little_endian(bytes, 24, 3) + 1;
    header.height = little_endian(bytes, 27, 3) + 1;
  } else if (chunk == "VP8L" && bytes.size() >= 25) {
    const uint32_t bits = little_endian(bytes, 21, 4);
    header.width = (bits & 0x3FFFU) + 1;
    header.height = (bits >> 14U & 0x3FFFU) + 1;
  } else if (chunk == "VP8 ") {
    header.width = little_endian(bytes, 26, 2) & 0x3FFFU;
    header.height = little_endian(bytes, 28, 2) & 0x3FFFU;
  }
}

// Chunk by chunk to IEND (PNG specification, 5.3).
bool png_is_complete(std::string_view bytes) {
  constexpr size_t kFrame = 12;  // length, type, checksum
  bool has_pixels = false;
  for (size_t at = 8; bytes.size() - std::min(at, bytes.size()) >= kFrame;) {
    const std::string_view type = bytes.substr(at + 4, 4);
    if (type == "IEND") return has_pixels;
    has_pixels = has_pixels || type == "IDAT";
    at += kFrame + big_endian(bytes, at, 4);
  }
  return false;
}

}  // namespace

std::optional<Header> identify(std::string_view bytes) {
  Header header;
  if (bytes.starts_with("\x89PNG\r\n\x1A\n")) {
    header.media_type = "image/png";
    header.width = big_endian(bytes, 16, 4);
    header.height = big_endian(bytes, 20, 4);
  } else if (bytes.starts_with("\xFF\xD8\xFF")) {
    header.media_type = "image/jpeg";
    measure_jpeg(bytes, header);
  } else if (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a")) {
    header.media_type = "image/gif";
    header.width = little_endian(bytes, 6, 2);
    header.height = little_endian(bytes, 8, 2);
  } else if (bytes.starts_with("RIFF") &&
             bytes.substr(std::min<size_t>(8, bytes.size())).starts_with("WEBP")) {
    header.media_type = "image/webp";
    if (bytes.size() >= 16) measure_webp(bytes, header);
  } else {
    return std::nullopt;
  }
  return header;
}

bool is_complete(std::string_view bytes, const Header& header) {
  if (header.media_type == "image/png") return png_is_complete(bytes);
  // Cameras and editors add bytes of their own behind the end mark.
  if (header.media_type == "image/jpeg") return bytes.rfind("\xFF\xD9") != std::string_view::npos;
  if (header.media_type == "image/gif")
    return bytes.size() > 13 && bytes.find(';', 13) != std::string_view::npos;
  return bytes.size() >= 20 && bytes.size() - 8 >= little_endian(bytes, 4, 4);
}

}  // namespace awl::image
