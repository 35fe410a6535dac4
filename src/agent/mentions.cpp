#include "agent/mentions.h"

#include <algorithm>
#include <charconv>

namespace awl::agent {

namespace {

int read_line_number(std::string_view& text) {
  if (text.starts_with('L')) text.remove_prefix(1);
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return error == std::errc() && number > 0 ? number : 0;
}

// Cuts `#L10-20` off.
Mention with_lines(std::string_view written) {
  Mention mention{std::string(written)};
  const size_t hash = written.rfind('#');
  if (hash == std::string_view::npos || hash == 0) return mention;
  std::string_view lines = written.substr(hash + 1);
  const int first = read_line_number(lines);
  int last = first;
  if (lines.starts_with('-')) {
    lines.remove_prefix(1);
    last = read_line_number(lines);
  }
  if (first == 0 || last < first || !lines.empty()) return mention;
  return {std::string(written.substr(0, hash)), first, last};
}

}  // namespace

std::vector<Mention> find_mentions(std::string_view text) {
  std::vector<Mention> mentions;
  for (size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    if (at > 0 && !std::string_view(" \t\n\r([{<").contains(text[at - 1])) continue;
    std::string_view rest = text.substr(at + 1);
    std::string_view written;
    if (rest.starts_with('"')) {
      rest.remove_prefix(1);
      const size_t end = rest.find_first_of("\"\n");
      if (end == std::string_view::npos || rest[end] != '"') continue;
      written = rest.substr(0, end);
    } else {
      written = rest.substr(0, std::min(rest.find_first_of(" \t\n\r\"'`)]}>,;"), rest.size()));
      // The end of a sentence is none of a name.
      while (!written.empty() && std::string_view(".:!?").contains(written.back())) written.remove_suffix(1);
    }
    if (written.empty()) continue;
    Mention mention = with_lines(written);
    const bool known = std::ranges::any_of(mentions, [&](const Mention& other) {
      return other.path == mention.path && other.first_line == mention.first_line;
    });
    if (!known) mentions.push_back(std::move(mention));
  }
  return mentions;
}

}  // namespace awl::agent
