// UTF-8 at the edges: files, processes and peers send bytes that are not always text.
#pragma once

#include <string>
#include <string_view>

namespace awl {

/// The code point, or the maximal ill-formed part, that some bytes begin with.
struct Utf8Step {
  size_t length;
  bool valid;
};
/// `bytes` must not be empty.
Utf8Step utf8_step(std::string_view bytes);

/// True when `bytes` is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms).
bool is_utf8(std::string_view bytes);
/// Each maximal ill-formed part replaced by U+FFFD, as the WHATWG decoder does.
std::string to_utf8(std::string_view bytes);
/// The longest prefix of well-formed `text` with at most `max_bytes` bytes that ends between code points.
std::string_view utf8_prefix(std::string_view text, size_t max_bytes);
/// The longest suffix of the same kind.
std::string_view utf8_suffix(std::string_view text, size_t max_bytes);

}  // namespace awl
