#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tui/style.h"

namespace awl::tui {

/// Markdown as painted lines of at most `columns`. The text may be anybody's: control characters in it are
/// dropped. Where the parser is not installed, the text as it is written.
std::vector<std::string> render_markdown(std::string_view text, int columns, const Theme& theme);

/// How many bytes at the start of a growing text are whole blocks, which what follows cannot change: up to
/// the last blank line outside of fenced code. 0: none yet.
size_t finished_markdown(std::string_view text);

}  // namespace awl::tui
