#include "tui/completion.h"

#include <algorithm>

#include "base/strings.h"
#include "base/utf8.h"
#include "os/path.h"

namespace awl::tui {

namespace {

constexpr size_t kMaxCandidates = 200;

std::vector<Candidate> matching_commands(std::string_view begin, const std::vector<Candidate>& commands) {
  std::vector<Candidate> found;
  const std::string wanted = to_lower(begin);
  // Those that begin so, then those that hold it.
  for (const bool at_start : {true, false}) {
    for (const Candidate& command : commands) {
      const std::string name = to_lower(command.text);
      if (name.starts_with(wanted) != at_start || (!at_start && !name.contains(wanted))) continue;
      found.push_back({"/" + command.text + " ", command.detail});
    }
  }
  return found;
}

std::vector<Candidate> matching_files(std::string_view written, const os::Path& folder) {
  const size_t slash = written.rfind('/');
  const std::string_view above = slash == std::string_view::npos ? "" : written.substr(0, slash + 1);
  const std::string begin = to_lower(slash == std::string_view::npos ? written : written.substr(slash + 1));
  const auto names = os::list_directory(folder / above);
  std::vector<Candidate> found;
  if (!names) return found;
  for (const std::string& name : *names) {
    const bool hidden = name.starts_with('.') && !begin.starts_with('.');
    if (hidden || name == ".git" || !is_utf8(name) || name.contains(' ') ||
        !to_lower(name).starts_with(begin))
      continue;
    const bool is_folder = os::is_folder(folder / above / name);
    found.push_back({"@" + std::string(above) + name + (is_folder ? "/" : " "), ""});
    if (found.size() == kMaxCandidates) break;
  }
  std::ranges::sort(found, {}, &Candidate::text);
  return found;
}

}  // namespace

Completion complete(std::string_view text, size_t cursor, const std::vector<Candidate>& commands,
                    const os::Path& folder) {
  const std::string_view before = text.substr(0, cursor);
  const size_t space = before.find_last_of(" \n\t");
  const size_t begin = space == std::string_view::npos ? 0 : space + 1;
  const std::string_view word = before.substr(begin);
  if (begin == 0 && word.starts_with('/')) return {0, matching_commands(word.substr(1), commands)};
  if (word.starts_with('@')) return {begin, matching_files(word.substr(1), folder)};
  return {};
}

}  // namespace awl::tui
