// The tools of the task list but TaskUpdate.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "base/utf8.h"
#include "tools/builtin.h"
#include "tools/session.h"
#include "tools/task_list.h"

namespace awl::embedded {
extern const std::string_view task_create_md;
extern const std::string_view task_get_md;
extern const std::string_view task_list_md;
}  // namespace awl::embedded

namespace awl::tools {

namespace {

constexpr std::string_view kCreateSchema =
    R"({"type":"object","properties":{)"
    R"("subject":{"type":"string","description":"What is to be done, in a few words"},)"
    R"("description":{"type":"string","description":"What it takes, and when it is done"},)"
    R"("activeForm":{"type":"string","description":"The subject as something going on: Running the tests"},)"
    R"("metadata":{"type":"object","description":"Further data, by key"}},)"
    R"("required":["subject","description"],"additionalProperties":false})";

constexpr std::string_view kGetSchema =
    R"({"type":"object","properties":{"taskId":{"type":"string","description":"The task's number"}},)"
    R"("required":["taskId"],"additionalProperties":false})";

constexpr std::string_view kListSchema = R"({"type":"object","properties":{},"additionalProperties":false})";

class TaskCreateTool final : public Tool {
 public:
  const ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value& /*input*/) const override { return false; }
  Result<Access> access(const json::Value& input, const Session& /*session*/) const override {
    if (trim(json::string_or_empty(input, "subject")).empty())
      return fail(ErrorKind::kInvalidInput, "`subject` is empty");
    return Access{};
  }

  Task<ToolResult> run(const json::Value& input, const Access& /*access*/, const std::string& /*tool_use_id*/,
                       Session& session) override {
    auto list = co_await TaskList::open(session.task_list_dir);
    if (!list) co_return ToolResult::error(describe(list.error()));
    const std::string subject = to_utf8(trim(json::string_or_empty(input, "subject")));
    ListedTask task = {
        {"id", ""}, {"subject", subject}, {"description", json::string_or_empty(input, "description")}};
    if (const auto form = json::get_string(input, "activeForm")) task["activeForm"] = *form;
    task["status"] = "pending";
    task["blocks"] = json::Value::array();
    task["blockedBy"] = json::Value::array();
    if (const json::Value* metadata = json::find(input, "metadata")) task["metadata"] = *metadata;
    const std::string description = json::string_or_empty(input, "description");
    const auto id = list->add(std::move(task));
    if (!id) co_return ToolResult::error(describe(id.error()));
    list = std::unexpected(Error{});  // nobody else waits while hooks run
    if (session.review_task) {
      const json::Value fields{
          {"task_id", *id}, {"task_subject", subject}, {"task_description", description}};
      const auto objection = co_await session.review_task("TaskCreated", json::dump(fields));
      if (objection) {
        list = co_await TaskList::open(session.task_list_dir);
        if (list) static_cast<void>(list->remove(*id));
        co_return ToolResult::error(*objection);
      }
    }
    ToolResult result;
    result.text = fmt::format("Task #{} is on the list: {}", *id, subject);
    result.structured_json = json::dump({{"task", {{"id", *id}, {"subject", subject}}}});
    co_return result;
  }

 private:
  ToolSpec spec_{.name = "TaskCreate",
                 .description = std::string(trim(embedded::task_create_md)),
                 .input_schema = std::string(kCreateSchema),
                 .renamed_keys = {{"active_form", "activeForm"}}};
};

std::string with_hashes(const std::vector<std::string>& ids) { return "#" + join(ids, ", #"); }

std::string describe_fully(const std::vector<ListedTask>& tasks, const ListedTask& task) {
  std::string text =
      fmt::format("#{} [{}] {}", json::string_or_empty(task, "id"), json::string_or_empty(task, "status"),
                  json::string_or_empty(task, "subject"));
  const auto add = [&text](std::string_view name, const std::string& value) {
    if (!value.empty()) text += fmt::format("\n{}: {}", name, value);
  };
  add("Owner", json::string_or_empty(task, "owner"));
  add("Description", json::string_or_empty(task, "description"));
  if (const auto ids = json::strings_of(task, "blocks"); !ids.empty()) add("Blocks", with_hashes(ids));
  if (const auto ids = json::strings_of(task, "blockedBy"); !ids.empty()) add("Blocked by", with_hashes(ids));
  if (const auto ids = open_blockers(tasks, task); !ids.empty()) add("Still open of these", with_hashes(ids));
  if (const json::Value* metadata = json::find(task, "metadata")) add("Metadata", json::dump(*metadata));
  return text;
}

class TaskGetTool final : public Tool {
 public:
  const ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value& /*input*/) const override { return true; }
  Result<Access> access(const json::Value& /*input*/, const Session& /*session*/) const override {
    return Access{};
  }

  Task<ToolResult> run(const json::Value& input, const Access& /*access*/, const std::string& /*tool_use_id*/,
                       Session& session) override {
    auto list = co_await TaskList::open(session.task_list_dir);
    if (!list) co_return ToolResult::error(describe(list.error()));
    const std::string id = plain_task_id(json::string_or_empty(input, "taskId"));
    ToolResult result;
    const ListedTask* task = list->find(id);
    if (task == nullptr) {
      result.text = fmt::format("There is no task {} on the list.", to_utf8(id));
      result.structured_json = R"({"task":null})";
      co_return result;
    }
    result.text = to_utf8(describe_fully(list->tasks(), *task));
    result.structured_json = json::dump({{"task",
                                          {{"id", id},
                                           {"subject", json::string_or_empty(*task, "subject")},
                                           {"description", json::string_or_empty(*task, "description")},
                                           {"status", json::string_or_empty(*task, "status")},
                                           {"blocks", json::strings_of(*task, "blocks")},
                                           {"blockedBy", json::strings_of(*task, "blockedBy")}}}});
    co_return result;
  }

 private:
  ToolSpec spec_{.name = "TaskGet",
                 .description = std::string(trim(embedded::task_get_md)),
                 .input_schema = std::string(kGetSchema),
                 .renamed_keys = {{"task_id", "taskId"}, {"id", "taskId"}}};
};

class TaskListTool final : public Tool {
 public:
  const ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value& /*input*/) const override { return true; }
  Result<Access> access(const json::Value& /*input*/, const Session& /*session*/) const override {
    return Access{};
  }

  Task<ToolResult> run(const json::Value& /*input*/, const Access& /*access*/,
                       const std::string& /*tool_use_id*/, Session& session) override {
    auto list = co_await TaskList::open(session.task_list_dir);
    if (!list) co_return ToolResult::error(describe(list.error()));
    json::Value tasks = json::Value::array();
    for (const ListedTask& task : list->tasks()) {
      json::Value shown = {{"id", json::string_or_empty(task, "id")},
                           {"subject", json::string_or_empty(task, "subject")},
                           {"status", json::string_or_empty(task, "status")}};
      if (const auto owner = json::get_string(task, "owner")) shown["owner"] = *owner;
      shown["blockedBy"] = open_blockers(list->tasks(), task);
      tasks.push_back(std::move(shown));
    }
    ToolResult result;
    result.text = list->tasks().empty() ? "The task list is empty." : to_utf8(describe_tasks(list->tasks()));
    result.structured_json = json::dump({{"tasks", std::move(tasks)}});
    co_return result;
  }

 private:
  ToolSpec spec_{.name = "TaskList",
                 .description = std::string(trim(embedded::task_list_md)),
                 .input_schema = std::string(kListSchema)};
};

}  // namespace

std::unique_ptr<Tool> make_task_create_tool() { return std::make_unique<TaskCreateTool>(); }
std::unique_ptr<Tool> make_task_get_tool() { return std::make_unique<TaskGetTool>(); }
std::unique_ptr<Tool> make_task_list_tool() { return std::make_unique<TaskListTool>(); }

}  // namespace awl::tools
