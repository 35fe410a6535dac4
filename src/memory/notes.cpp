#include "memory/notes.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"
#include "base/utf8.h"

namespace awl::embedded {
extern const std::string_view notes_md;
}  // namespace awl::embedded

namespace awl::memory {

std::string told_part(std::string_view index) {
  size_t end = 0;
  for (size_t lines = 0; lines < kIndexLines && end < index.size(); ++lines)
    end = std::min(index.find('\n', end), index.size() - 1) + 1;
  return std::string(utf8_prefix(index.substr(0, end), kIndexBytes));
}

std::string advice_on_index(std::string_view index) {
  // From here on it is time to make room.
  constexpr size_t kNearPercent = 90;
  const auto lines = static_cast<size_t>(std::ranges::count(index, '\n'));
  const std::string size = fmt::format("{} lines and {} bytes", lines, index.size());
  const std::string limit = fmt::format("{} lines or {} bytes", kIndexLines, kIndexBytes);
  if (lines > kIndexLines || index.size() > kIndexBytes) {
    return fmt::format(
        "{} has {}, and what is behind {} is not told to later sessions. Write it anew: one line for each "
        "note, the "
        "rest in the notes, what is old or said twice left out.",
        kNotesIndex, size, limit);
  }
  if (lines * 100 < kIndexLines * kNearPercent && index.size() * 100 < kIndexBytes * kNearPercent) return "";
  return fmt::format("{} has {} of {}: shorten it when you write to it the next time.", kNotesIndex, size,
                     limit);
}

std::string describe_notes(const os::Path& folder) {
  return "\n" + replace_all(std::string(trim(embedded::notes_md)), "{folder}", to_utf8(folder.string())) +
         "\n";
}

}  // namespace awl::memory
