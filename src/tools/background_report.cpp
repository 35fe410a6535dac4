#include "tools/background_report.h"

#include <fmt/format.h>

#include <vector>

#include "base/strings.h"
#include "base/utf8.h"

namespace awl::tools {

namespace {

constexpr size_t kMaxListed = 20;
constexpr size_t kMaxWhatBytes = 100;

}  // namespace

std::string name_of(const BackgroundTask& task) {
  const std::string what = to_utf8(task.description.empty() ? task.command : task.description);
  const std::string_view start = utf8_prefix(what, kMaxWhatBytes);
  return fmt::format("{} ({}{})", task.id, start, start.size() < what.size() ? "…" : "");
}

std::string no_such_task(std::string_view id, const BackgroundTasks& tasks) {
  std::vector<std::string> running;
  std::vector<std::string> ended;
  for (const BackgroundTask& task : tasks.list())
    (task.status == TaskStatus::kRunning ? running : ended).push_back(name_of(task));
  std::string text = fmt::format("There is no background task with the id {}.", to_utf8(id));
  if (running.empty() && ended.empty()) return text + " None was started in this session.";
  const auto add = [&text](std::string_view what, std::vector<std::string> names) {
    if (names.empty()) return;
    const size_t more = names.size() > kMaxListed ? names.size() - kMaxListed : 0;
    // The newest are what is meant.
    names.erase(names.begin(), names.begin() + static_cast<ptrdiff_t>(more));
    text +=
        fmt::format(" {}: {}{}.", what, join(names, ", "), more > 0 ? fmt::format(" and {} more", more) : "");
  };
  add("Running", std::move(running));
  add("Ended", std::move(ended));
  return text;
}

}  // namespace awl::tools
