#include "agent/background_notice.h"

#include <fmt/format.h>

namespace awl::agent {

namespace {

std::string summary_of(const tools::BackgroundTask& task) {
  const std::string& what = task.description.empty() ? task.command : task.description;
  switch (task.status) {
    case tools::TaskStatus::kRunning:
      return fmt::format("\"{}\" is running", what);
    case tools::TaskStatus::kCompleted:
      return fmt::format("\"{}\" ended with exit code 0", what);
    case tools::TaskStatus::kFailed:
      return fmt::format("\"{}\" failed with exit code {}", what, task.exit_code);
    case tools::TaskStatus::kStopped:
      return fmt::format("\"{}\" was stopped", what);
  }
  return what;
}

}  // namespace

std::string background_notice(const tools::BackgroundTask& task) {
  return fmt::format(
      "<task-notification>\n<task-id>{}</task-id>\n<status>{}</status>\n<summary>Background command "
      "{}</summary>\n"
      "<output-file>{}</output-file>\n</task-notification>",
      task.id, tools::to_string(task.status), summary_of(task), task.output_file.string());
}

protocol::TaskChanged to_task_changed(const tools::BackgroundTask& task) {
  return {task.id, task.tool_use_id, std::string(tools::to_string(task.status)), summary_of(task),
          task.output_file.string()};
}

}  // namespace awl::agent
