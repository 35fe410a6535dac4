#include "base/columns.h"

#include <utf8proc.h>

#include <algorithm>

#include "base/utf8.h"

namespace awl {

namespace {

constexpr utf8proc_int32_t kEmojiPresentation = 0xFE0F;

// The code point that `text` begins with and its bytes; -1 and one byte for what is no UTF-8.
std::pair<utf8proc_int32_t, size_t> decode(std::string_view text) {
  utf8proc_int32_t point = -1;
  const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &point);
  if (length <= 0) return {-1, 1};
  return {point, static_cast<size_t>(length)};
}

}  // namespace

Grapheme first_grapheme(std::string_view text) {
  const bool ascii = static_cast<unsigned char>(text[0]) < 0x80;
  if (ascii && (text.size() == 1 || static_cast<unsigned char>(text[1]) < 0x80)) return {1, 1};
  auto [point, length] = decode(text);
  if (point < 0) return {1, 1};
  Grapheme found{length, utf8proc_charwidth(point)};
  utf8proc_int32_t state = 0;
  while (found.length < text.size()) {
    const auto [next, more] = decode(text.substr(found.length));
    if (next < 0 || utf8proc_grapheme_break_stateful(point, next, &state) != 0) break;
    found.columns = next == kEmojiPresentation ? 2 : std::max(found.columns, utf8proc_charwidth(next));
    found.length += more;
    point = next;
  }
  return found;
}

int count_columns(std::string_view text) {
  int columns = 0;
  while (!text.empty()) {
    const Grapheme grapheme = first_grapheme(text);
    columns += grapheme.columns;
    text.remove_prefix(grapheme.length);
  }
  return columns;
}

std::string cut_to_columns(std::string_view text, int columns) {
  std::string cut;
  int used = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const Grapheme grapheme = first_grapheme(rest);
    const bool last = grapheme.length == rest.size();
    if (used + grapheme.columns > columns - (last ? 0 : 1)) return columns > 0 ? cut + "…" : "";
    cut += rest.substr(0, grapheme.length);
    used += grapheme.columns;
    rest.remove_prefix(grapheme.length);
  }
  return cut;
}

std::string printable(std::string_view text, size_t max_bytes) {
  const std::string valid = to_utf8(text.substr(0, std::min(text.size(), max_bytes * 2)));
  std::string line;
  for (size_t i = 0; i < valid.size(); ++i) {
    const auto c = static_cast<unsigned char>(valid[i]);
    // C1 controls are two bytes in UTF-8, and some terminals obey them.
    const bool c1 = c == 0xC2 && i + 1 < valid.size() && static_cast<unsigned char>(valid[i + 1]) < 0xA0;
    if (c1) ++i;
    if (c < 0x20 || c == 0x7F || c1) {
      if (!line.empty() && line.back() != ' ') line += ' ';
    } else if (c != ' ' || line.empty() || line.back() != ' ') {
      line += static_cast<char>(c);
    }
  }
  if (line.size() > max_bytes) line = std::string(utf8_prefix(line, max_bytes)) + "…";
  return line;
}

}  // namespace awl
