// The TaskOutput tool: what a background task wrote so far, after waiting for its end if that is wanted.
#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "async/timeout.h"
#include "base/strings.h"
#include "os/descriptor.h"
#include "tools/background_report.h"
#include "tools/bash_output.h"
#include "tools/builtin.h"
#include "tools/session.h"

namespace awl::embedded {
extern const std::string_view task_output_md;
}

namespace awl::tools {

namespace {

using std::chrono::milliseconds;

constexpr double kDefaultWaitMs = 30'000;
constexpr double kMaxWaitMs = 600'000;

constexpr std::string_view kTaskOutputSchema =
    R"({"type":"object","properties":{)"
    R"("task_id":{"type":"string","description":"The task's id"},)"
    R"("block":{"type":"boolean","description":"Wait until the task ends; the default"},)"
    R"("timeout":{"type":"number","description":"How long to wait, in milliseconds: 30000 when left out, 600000 at most"}},)"
    R"("required":["task_id"],"additionalProperties":false})";

std::string describe_state(const BackgroundTask& task) {
  switch (task.status) {
    case TaskStatus::kRunning:
      return "running";
    case TaskStatus::kStopped:
      return "stopped";
    default:
      return fmt::format("{}, exit code {}", to_string(task.status), task.exit_code);
  }
}

class TaskOutputTool final : public Tool {
 public:
  const ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value& /*input*/) const override { return true; }
  Result<Access> access(const json::Value& /*input*/, const Session& /*session*/) const override {
    return Access{};
  }

  Task<ToolResult> run(const json::Value& input, const Access& /*access*/, const std::string& /*tool_use_id*/,
                       Session& session) override {
    const std::string id(trim(json::string_or_empty(input, "task_id")));
    const bool block = json::get_bool(input, "block").value_or(true);
    const double wanted = json::get_number(input, "timeout").value_or(kDefaultWaitMs);
    if (session.background->find(id) && block) {
      const milliseconds limit(static_cast<int64_t>(std::clamp(wanted, 0.0, kMaxWaitMs)));
      co_await async::finish_within(session.background->wait_until_ended(id), limit);
    }
    const auto task = session.background->find(id);
    if (!task) co_return ToolResult::error(no_such_task(id, *session.background));
    const bool ended = task->status != TaskStatus::kRunning;
    // The model reads the end of it here.
    if (ended) session.background->mark_reported(id);
    co_return make_result(*task, ended ? "success" : block ? "timeout" : "not_ready", session);
  }

 private:
  static ToolResult make_result(const BackgroundTask& task, std::string_view retrieval,
                                const Session& session) {
    ShownOutput shown;
    const os::FileDescriptor fd(::open(task.output_file.c_str(), O_RDONLY | O_CLOEXEC));
    if (fd.is_open())
      shown = read_whole_or_ends(fd.get(), session.limits.bash_max_output_chars);
    else
      shown.text = os::system_error("read", task.output_file, errno).message;
    ToolResult result;
    result.text = fmt::format("Task {}: {}.\n\n{}", name_of(task), describe_state(task),
                              shown.text.empty() ? "(no output)" : shown.text);
    if (!shown.whole)
      result.text += fmt::format("\n\nThe whole output is in this file:\n{}", task.output_file.string());
    json::Value details = {{"task_id", task.id},
                           {"task_type", kShellTaskType},
                           {"status", to_string(task.status)},
                           {"description", task.description.empty() ? task.command : task.description},
                           {"output", shown.text}};
    details["exitCode"] = task.status == TaskStatus::kRunning ? json::Value() : json::Value(task.exit_code);
    result.structured_json = json::dump({{"retrieval_status", retrieval}, {"task", std::move(details)}});
    return result;
  }

  ToolSpec spec_{.name = "TaskOutput",
                 .description = std::string(trim(embedded::task_output_md)),
                 .input_schema = std::string(kTaskOutputSchema),
                 .deferred = true,
                 .aliases = {"BashOutput"},
                 .renamed_keys = {{"bash_id", "task_id"}, {"shell_id", "task_id"}}};
};

}  // namespace

std::unique_ptr<Tool> make_task_output_tool() { return std::make_unique<TaskOutputTool>(); }

}  // namespace awl::tools
