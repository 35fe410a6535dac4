// How much room text takes on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace awl {

/// What a person sees as one character (UAX #29): letters with their marks, flags, families of emoji.
struct Grapheme {
  size_t length = 0;  ///< in bytes
  int columns = 0;
};
/// The first one of `text`, which must not be empty. A byte that is no UTF-8 is one of one column.
Grapheme first_grapheme(std::string_view text);

/// The columns that `text` takes; it holds no control characters.
int count_columns(std::string_view text);
/// `text` cut to `columns`, an ellipsis in the last one.
std::string cut_to_columns(std::string_view text, int columns);

/// `text` on one line without control characters, as a terminal can be shown; runs of spaces become one.
std::string printable(std::string_view text, size_t max_bytes);

}  // namespace awl
