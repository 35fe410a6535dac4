// The TaskUpdate tool: changes one task of the list, or deletes it.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/strings.h"
#include "base/utf8.h"
#include "tools/builtin.h"
#include "tools/session.h"
#include "tools/task_list.h"

namespace awl::embedded {
extern const std::string_view task_update_md;
}

namespace awl::tools {

namespace {

constexpr std::string_view kTaskUpdateSchema =
    R"({"type":"object","properties":{)"
    R"("taskId":{"type":"string","description":"The task's number"},)"
    R"("status":{"type":"string","enum":["pending","in_progress","completed","deleted"],"description":"The new status; deleted removes the task"},)"
    R"("subject":{"type":"string","description":"The new subject"},)"
    R"("description":{"type":"string","description":"The new description"},)"
    R"("activeForm":{"type":"string","description":"The subject as something going on"},)"
    R"("addBlocks":{"type":"array","items":{"type":"string"},"description":"Tasks that cannot begin before this one is done"},)"
    R"("addBlockedBy":{"type":"array","items":{"type":"string"},"description":"Tasks that must be done before this one begins"},)"
    R"("owner":{"type":"string","description":"Who works on it"},)"
    R"("metadata":{"type":"object","description":"Data to merge by key; null removes a key"}},)"
    R"("required":["taskId"],"additionalProperties":false})";

constexpr const char* kTexts[] = {"subject", "description", "activeForm", "owner", "status"};

// What an update did.
struct Outcome {
  std::vector<std::string> fields;
  std::string status_before;
  std::string status_after;  // empty: not changed
};

ToolResult to_result(const std::string& id, const Outcome& outcome) {
  json::Value structured = {{"success", true}, {"taskId", id}, {"updatedFields", outcome.fields}};
  std::string text = outcome.fields.empty()
                         ? fmt::format("Task #{} is as it was.", id)
                         : fmt::format("Task #{} is updated: {}", id, join(outcome.fields, ", "));
  if (!outcome.status_after.empty()) {
    structured["statusChange"] = {{"from", outcome.status_before}, {"to", outcome.status_after}};
    text += fmt::format(" ({} -> {})", outcome.status_before, outcome.status_after);
  }
  ToolResult result;
  result.text = outcome.status_after == "deleted" ? fmt::format("Task #{} is deleted.", id) : std::move(text);
  result.structured_json = json::dump(structured);
  return result;
}

// Not an error result: a list that others share changes, and the calls beside this one are not wrong.
ToolResult to_failure(const std::string& id, std::string sentence) {
  ToolResult result;
  result.structured_json = json::dump(
      {{"success", false}, {"taskId", id}, {"updatedFields", json::Value::array()}, {"error", sentence}});
  result.text = std::move(sentence);
  return result;
}

bool has_item(const ListedTask& task, const char* key, const std::string& id) {
  const std::vector<std::string> items = json::strings_of(task, key);
  return std::ranges::find(items, id) != items.end();
}

void add_item(ListedTask& task, const char* key, const std::string& id) {
  std::vector<std::string> items = json::strings_of(task, key);
  items.push_back(id);
  task[key] = items;
}

// True when `from` waits for `to`, directly or through others.
bool waits_for(const TaskList& list, const std::string& from, const std::string& to,
               std::set<std::string>& seen) {
  if (from == to) return true;
  if (!seen.insert(from).second) return false;
  const ListedTask* task = list.find(from);
  if (task == nullptr) return false;
  return std::ranges::any_of(json::strings_of(*task, "blockedBy"),
                             [&](const std::string& blocker) { return waits_for(list, blocker, to, seen); });
}

class Update {
 public:
  Update(TaskList& list, const json::Value& input, const std::string& id)
      : list_(list), input_(input), id_(id) {}

  Result<Outcome> apply() {
    ListedTask task = *list_.find(id_);
    outcome_.status_before = json::string_or_empty(task, "status");
    if (json::string_or_empty(input_, "status") == "deleted") {
      AWL_CHECK(list_.remove(id_));
      outcome_.fields = {"deleted"};
      outcome_.status_after = "deleted";
      return outcome_;
    }
    set_texts(task);
    merge_metadata(task);
    if (!outcome_.fields.empty()) {
      AWL_CHECK(list_.store(task));
    }
    AWL_CHECK(add_links("addBlocks", "blocks"));
    AWL_CHECK(add_links("addBlockedBy", "blockedBy"));
    return outcome_;
  }

  /// Looked at before anything is changed.
  Result<> check_links() const {
    for (const char* key : {"addBlocks", "addBlockedBy"}) {
      for (const std::string& given : json::strings_of(input_, key)) {
        const std::string other = plain_task_id(given);
        if (list_.find(other) == nullptr)
          return fail(ErrorKind::kNotFound, fmt::format("there is no task {} on the list", to_utf8(other)));
        const bool blocks = std::string_view(key) == "addBlocks";
        std::set<std::string> seen;
        if (waits_for(list_, blocks ? id_ : other, blocks ? other : id_, seen)) {
          return fail(ErrorKind::kInvalidInput,
                      fmt::format("#{} and #{} would wait for each other", id_, other));
        }
      }
    }
    return {};
  }

 private:
  void set_texts(ListedTask& task) {
    for (const char* key : kTexts) {
      const auto value = json::get_string(input_, key);
      if (!value || json::get_string(task, key) == value) continue;
      task[key] = *value;
      outcome_.fields.emplace_back(key);
      if (std::string_view(key) == "status") outcome_.status_after = *value;
    }
  }

  void merge_metadata(ListedTask& task) {
    const json::Value* changes = json::find(input_, "metadata");
    if (changes == nullptr) return;
    json::Value merged = json::Value::object();
    if (const json::Value* old = json::find(task, "metadata"); old != nullptr && old->is_object())
      merged = *old;
    for (const auto& [key, value] : changes->items()) {
      if (value.is_null())
        merged.erase(key);
      else
        merged[key] = value;
    }
    task["metadata"] = std::move(merged);
    outcome_.fields.emplace_back("metadata");
  }

  // Both ends of a link know it.
  Result<> add_links(const char* input_key, const char* key) {
    const bool blocks = std::string_view(key) == "blocks";
    bool changed = false;
    for (const std::string& given : json::strings_of(input_, input_key)) {
      const std::string other_id = plain_task_id(given);
      ListedTask task = *list_.find(id_);
      if (has_item(task, key, other_id)) continue;
      ListedTask other = *list_.find(other_id);
      add_item(task, key, other_id);
      const char* back = blocks ? "blockedBy" : "blocks";
      if (!has_item(other, back, id_)) add_item(other, back, id_);
      AWL_CHECK(list_.store(task));
      AWL_CHECK(list_.store(other));
      changed = true;
    }
    if (changed) outcome_.fields.emplace_back(key);
    return {};
  }

  TaskList& list_;
  const json::Value& input_;
  const std::string& id_;
  Outcome outcome_;
};

class TaskUpdateTool final : public Tool {
 public:
  const ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value& /*input*/) const override { return false; }
  Result<Access> access(const json::Value& input, const Session& /*session*/) const override {
    const auto subject = json::get_string(input, "subject");
    if (subject && trim(*subject).empty()) return fail(ErrorKind::kInvalidInput, "`subject` is empty");
    return Access{};
  }

  Task<ToolResult> run(const json::Value& input, const Access& /*access*/, const std::string& /*tool_use_id*/,
                       Session& session) override {
    auto list = co_await TaskList::open(session.task_list_dir);
    if (!list) co_return ToolResult::error(describe(list.error()));
    const std::string id = plain_task_id(json::string_or_empty(input, "taskId"));
    if (list->find(id) == nullptr)
      co_return to_failure(id, fmt::format("There is no task {} on the list.", to_utf8(id)));
    const ListedTask& before = *list->find(id);
    if (session.review_task && json::string_or_empty(input, "status") == "completed" &&
        json::string_or_empty(before, "status") != "completed") {
      const json::Value fields{{"task_id", id},
                               {"task_subject", json::string_or_empty(before, "subject")},
                               {"task_description", json::string_or_empty(before, "description")}};
      list = std::unexpected(Error{});  // nobody else waits while hooks run
      const auto objection = co_await session.review_task("TaskCompleted", json::dump(fields));
      if (objection) co_return ToolResult::error(*objection);
      list = co_await TaskList::open(session.task_list_dir);
      if (!list) co_return ToolResult::error(describe(list.error()));
      if (list->find(id) == nullptr) co_return to_failure(id, fmt::format("Task #{} is gone.", id));
    }
    Update update(*list, input, id);
    if (const auto fits = update.check_links(); !fits)
      co_return to_failure(id, fmt::format("Nothing is changed: {}.", fits.error().message));
    const auto outcome = update.apply();
    if (!outcome) co_return ToolResult::error(describe(outcome.error()));
    co_return to_result(id, *outcome);
  }

 private:
  ToolSpec spec_{.name = "TaskUpdate",
                 .description = std::string(trim(embedded::task_update_md)),
                 .input_schema = std::string(kTaskUpdateSchema),
                 .renamed_keys = {{"task_id", "taskId"}, {"id", "taskId"}, {"active_form", "activeForm"}}};
};

}  // namespace

std::unique_ptr<Tool> make_task_update_tool() { return std::make_unique<TaskUpdateTool>(); }

}  // namespace awl::tools
