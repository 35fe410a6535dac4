// What the first bytes of an image say, without decoding a pixel.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace awl::image {

struct Header {
  std::string_view media_type;  ///< image/png, image/jpeg, image/gif, image/webp
  uint32_t width = 0;           ///< pixels as stored; 0 when the file does not say it where it should
  uint32_t height = 0;
  int orientation = 1;  ///< Exif, 1 to 8: how to turn the stored pixels (JPEG only; 5 to 8 swap the sides)

  bool is_measured() const { return width != 0 && height != 0; }
};

/// By content. nullopt: not one of the four formats that the API takes. The beginning of a file is enough but
/// for JPEG, where the size may stand behind long metadata.
std::optional<Header> identify(std::string_view bytes);

/// False when the bytes certainly end too early: a PNG without its last chunk, a JPEG or GIF without its end
/// mark, a WebP shorter than it says. `bytes` is the whole file, `header` what identify() gave for it.
bool is_complete(std::string_view bytes, const Header& header);

}  // namespace awl::image
