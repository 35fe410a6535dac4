#include "markdown/code_ranges.h"

#include <algorithm>

namespace awl::markdown {

namespace {

// The fence that a line opens or closes: its character and length; {0, 0}: none.
std::pair<char, size_t> fence_of(std::string_view line) {
  size_t indent = 0;
  while (indent < 3 && indent < line.size() && line[indent] == ' ') ++indent;
  line.remove_prefix(indent);
  if (line.empty() || (line[0] != '`' && line[0] != '~')) return {'\0', 0};
  const size_t length = std::min(line.find_first_not_of(line[0]), line.size());
  return length >= 3 ? std::pair(line[0], length) : std::pair('\0', size_t{0});
}

// The spans of a paragraph's text.
void add_spans(std::string_view text, size_t begin, size_t end,
               std::vector<std::pair<size_t, size_t>>& ranges) {
  for (size_t at = begin; at < end;) {
    at = text.find('`', at);
    if (at == std::string_view::npos || at >= end) return;
    const size_t ticks = std::min(text.find_first_not_of('`', at), end) - at;
    size_t close = at + ticks;
    for (;;) {
      close = text.find('`', close);
      if (close == std::string_view::npos || close >= end) break;
      const size_t length = std::min(text.find_first_not_of('`', close), end) - close;
      if (length == ticks) break;
      close += length;
    }
    if (close == std::string_view::npos || close >= end) {
      at += ticks;  // ticks without a partner are text
    } else {
      ranges.emplace_back(at, close + ticks);
      at = close + ticks;
    }
  }
}

}  // namespace

std::vector<std::pair<size_t, size_t>> code_ranges(std::string_view text) {
  std::vector<std::pair<size_t, size_t>> ranges;
  std::pair<char, size_t> open{'\0', 0};
  size_t block_begin = 0;
  size_t paragraph = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    const auto fence = fence_of(line);
    const size_t next = std::min(end + 1, text.size());
    if (open.second > 0) {
      if (fence.first == open.first && fence.second >= open.second) {
        ranges.emplace_back(block_begin, end);
        open = {'\0', 0};
        paragraph = next;
      }
    } else if (fence.second > 0) {
      add_spans(text, paragraph, at, ranges);
      open = fence;
      block_begin = at;
    } else if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
      add_spans(text, paragraph, at, ranges);
      paragraph = next;
    }
    at = end + 1;
  }
  if (open.second > 0) {
    ranges.emplace_back(block_begin, text.size());
  } else {
    add_spans(text, paragraph, text.size(), ranges);
  }
  return ranges;
}

bool is_code(const std::vector<std::pair<size_t, size_t>>& ranges, size_t offset) {
  const auto after = std::ranges::upper_bound(ranges, offset, {}, &std::pair<size_t, size_t>::first);
  return after != ranges.begin() && offset < std::prev(after)->second;
}

}  // namespace awl::markdown
