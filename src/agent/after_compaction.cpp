#include "agent/after_compaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "agent/reminder.h"
#include "base/utf8.h"
#include "os/resolved_file.h"
#include "tools/file_rules.h"

namespace awl::agent {

namespace {

constexpr size_t kMaxFiles = 5;
constexpr size_t kMaxShownBytes = 20'000;
constexpr uint64_t kMaxFileBytes = 4 << 20;

std::string recent_files_reminder(tools::Session& session) {
  std::vector<std::pair<uint64_t, os::Path>> latest;
  for (const auto& [path, seen] : session.seen_files) latest.emplace_back(seen.order, path);
  std::ranges::sort(latest, std::greater<>());
  std::string text;
  size_t shown = 0;
  for (const auto& [order, path] : latest) {
    if (shown == kMaxFiles) break;
    if (!tools::may_read(session, path)) continue;
    const auto bytes = os::read_resolved_file(path, kMaxFileBytes);
    const auto info = os::stat(path);
    // Pictures and the like are looked at again when they are needed.
    if (!bytes || !info || !is_utf8(*bytes)) continue;
    ++shown;
    const std::string_view part = utf8_prefix(*bytes, kMaxShownBytes);
    const bool whole = part.size() == bytes->size();
    text += fmt::format("\n\n## {}{}\n\n{}", to_utf8(path.string()),
                        whole ? "" : fmt::format(" (its first {} of {} bytes)", part.size(), bytes->size()),
                        part);
    // What was cut has to be read before it may be changed as a whole.
    tools::remember(session, path, *info, *bytes, /*partial=*/!whole);
  }
  if (text.empty()) return "";
  return reminder("The files that you worked with last, as they are now:" + text);
}

}  // namespace

// Files are shown whole again: what showed them is gone.
std::vector<std::string> what_comes_along(tools::Session& session, SkillSet& skills, ToolRunner& runner) {
  for (auto& [path, seen] : session.seen_files) seen.shown_range.clear();
  std::vector<std::string> reminders{skills.tell_again(), recent_files_reminder(session)};
  std::erase(reminders, "");
  runner.show_tasks_again();
  return reminders;
}

}  // namespace awl::agent
