#include "agent/task_reminder.h"

#include <fmt/format.h>

#include "agent/reminder.h"
#include "base/utf8.h"
#include "tools/task_list.h"

namespace awl::agent {

namespace {

constexpr int kCallsBetween = 10;

Task<std::string> list_as_it_is(os::Path folder) {
  if (!os::is_folder(folder)) co_return "";
  const auto list = co_await tools::TaskList::open(std::move(folder));
  // What is wrong with the list is said when the model uses it.
  co_return list ? to_utf8(tools::describe_tasks(list->tasks())) : "";
}

}  // namespace

void TaskReminder::note_call(std::string_view tool_name) {
  if (is_task_list_tool(tool_name) || tool_name == "TodoWrite")
    calls_ = 0;
  else
    ++calls_;
}

Task<std::optional<std::string>> TaskReminder::take(const tools::Session& session) {
  const bool has_list = tools_.has("TaskCreate") && tools_.has("TaskUpdate");
  if (std::exchange(show_again_, false) && has_list) {
    const std::string list = co_await list_as_it_is(session.task_list_dir);
    if (!list.empty()) co_return reminder(fmt::format("The task list as it is now:\n{}", list));
  }
  if (calls_ < kCallsBetween || !(has_list || tools_.has("TodoWrite"))) co_return std::nullopt;
  calls_ = 0;
  std::string text = fmt::format(
      "The task list was not used for a while. If this work has several steps, keep the list true with {}; "
      "if not, go "
      "on without it. Do not speak of this reminder.",
      has_list ? "TaskCreate and TaskUpdate" : "TodoWrite");
  if (has_list) {
    const std::string list = co_await list_as_it_is(session.task_list_dir);
    if (!list.empty()) text += fmt::format("\nThe list now:\n{}", list);
  }
  co_return reminder(text);
}

}  // namespace awl::agent
