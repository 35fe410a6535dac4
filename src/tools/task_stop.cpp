// The TaskStop tool: ends a background task.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "tools/background_report.h"
#include "tools/builtin.h"
#include "tools/session.h"

namespace awl::embedded {
extern const std::string_view task_stop_md;
}

namespace awl::tools {

namespace {

constexpr std::string_view kTaskStopSchema =
    R"({"type":"object","properties":{)"
    R"("task_id":{"type":"string","description":"The task's id"},)"
    R"("shell_id":{"type":"string","description":"The former name of task_id"}},)"
    R"("additionalProperties":false})";

class TaskStopTool final : public Tool {
 public:
  const ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value& /*input*/) const override { return false; }
  Result<Access> access(const json::Value& input, const Session& /*session*/) const override {
    if (wanted_id(input).empty()) return fail(ErrorKind::kInvalidInput, "`task_id` is required");
    return Access{};
  }

  Task<ToolResult> run(const json::Value& input, const Access& /*access*/, const std::string& /*tool_use_id*/,
                       Session& session) override {
    const std::string id = wanted_id(input);
    const auto task = session.background->find(id);
    if (!task) co_return ToolResult::error(no_such_task(id, *session.background));
    const bool stopped = co_await session.background->stop(id);
    if (!stopped) {
      co_return ToolResult::error(
          fmt::format("Task {} does not run any more: it is {}.", name_of(*task), to_string(task->status)));
    }
    // The model asked for it: there is nothing to tell.
    session.background->mark_reported(id);
    ToolResult result;
    result.text = fmt::format("Task {} is stopped.", name_of(*task));
    result.structured_json = json::dump({{"message", result.text},
                                         {"task_id", id},
                                         {"task_type", kShellTaskType},
                                         {"command", task->command}});
    co_return result;
  }

 private:
  static std::string wanted_id(const json::Value& input) {
    std::string id(trim(json::string_or_empty(input, "task_id")));
    return id.empty() ? std::string(trim(json::string_or_empty(input, "shell_id"))) : id;
  }

  ToolSpec spec_{.name = "TaskStop",
                 .description = std::string(trim(embedded::task_stop_md)),
                 .input_schema = std::string(kTaskStopSchema),
                 .deferred = true,
                 .aliases = {"KillShell", "KillBash"}};
};

}  // namespace

std::unique_ptr<Tool> make_task_stop_tool() { return std::make_unique<TaskStopTool>(); }

}  // namespace awl::tools
