#include "memory/instruction_text.h"

#include <algorithm>

#include "markdown/code_ranges.h"

namespace awl::memory {

namespace {

bool begins_line(std::string_view text, size_t at) {
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t')) --at;
  return at == 0 || text[at - 1] == '\n';
}

bool is_blank_char(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

std::string strip_comments(std::string_view text) {
  constexpr std::string_view kOpen = "<!--";
  constexpr std::string_view kClose = "-->";
  const auto code = markdown::code_ranges(text);
  std::string out;
  size_t kept = 0;
  for (size_t at = 0; (at = text.find(kOpen, at)) != std::string_view::npos;) {
    const size_t end = text.find(kClose, at + kOpen.size());
    if (end == std::string_view::npos) break;
    if (!begins_line(text, at) || markdown::is_code(code, at)) {
      at += kOpen.size();
      continue;
    }
    out += text.substr(kept, at - kept);
    at = kept = end + kClose.size();
  }
  return out + std::string(text.substr(kept));
}

std::vector<std::string> find_imports(std::string_view text) {
  const auto code = markdown::code_ranges(text);
  std::vector<std::string> paths;
  for (size_t at = 0; (at = text.find('@', at)) != std::string_view::npos; ++at) {
    if ((at > 0 && !is_blank_char(text[at - 1])) || markdown::is_code(code, at)) continue;
    std::string path;
    for (size_t i = at + 1; i < text.size() && !is_blank_char(text[i]); ++i) {
      // "\ " is a space of the name.
      if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == ' ') ++i;
      path += text[i];
    }
    while (!path.empty() && std::string_view(".,;:!?)]\"'").contains(path.back())) path.pop_back();
    if (!path.empty() && std::ranges::find(paths, path) == paths.end()) paths.push_back(std::move(path));
  }
  return paths;
}

}  // namespace awl::memory
