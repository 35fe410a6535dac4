// Which parts of a Markdown text are code, where nothing else is meant by what stands there.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

namespace awl::markdown {

/// Fenced blocks and code spans as [begin, end) offsets, in order. Source: CommonMark, sections 4.5 and 6.1.
std::vector<std::pair<size_t, size_t>> code_ranges(std::string_view text);

/// Whether an offset lies in one of them.
bool is_code(const std::vector<std::pair<size_t, size_t>>& ranges, size_t offset);

}  // namespace awl::markdown
