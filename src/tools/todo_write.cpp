// The TodoWrite tool: the older form of the task list, replaced as a whole by each call.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "tools/builtin.h"
#include "tools/session.h"

namespace awl::embedded {
extern const std::string_view todo_write_md;
}

namespace awl::tools {

namespace {

constexpr size_t kMaxTodos = 500;

constexpr std::string_view kTodoWriteSchema =
    R"({"type":"object","properties":{"todos":{"type":"array","description":"The whole list","items":{)"
    R"("type":"object","properties":{)"
    R"("content":{"type":"string","description":"What is to be done"},)"
    R"("status":{"type":"string","enum":["pending","in_progress","completed"]},)"
    R"("activeForm":{"type":"string","description":"The same as something going on: Running the tests"}},)"
    R"("required":["content","status","activeForm"],"additionalProperties":false}}},)"
    R"("required":["todos"],"additionalProperties":false})";

class TodoWriteTool final : public Tool {
 public:
  const ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value& /*input*/) const override { return false; }
  Result<Access> access(const json::Value& input, const Session& /*session*/) const override {
    if (input["todos"].size() > kMaxTodos)
      return fail(ErrorKind::kInvalidInput, fmt::format("`todos` has more than {} items", kMaxTodos));
    return Access{};
  }

  Task<ToolResult> run(const json::Value& input, const Access& /*access*/, const std::string& /*tool_use_id*/,
                       Session& /*session*/) override {
    const json::Value old = std::exchange(todos_, input["todos"]);
    size_t done = 0;
    for (const json::Value& todo : todos_)
      done += json::string_or_empty(todo, "status") == "completed" ? 1 : 0;
    ToolResult result;
    result.text = fmt::format("The list is updated: {} of {} done.", done, todos_.size());
    result.structured_json = json::dump({{"oldTodos", old}, {"newTodos", todos_}});
    co_return result;
  }

 private:
  ToolSpec spec_{.name = "TodoWrite",
                 .description = std::string(trim(embedded::todo_write_md)),
                 .input_schema = std::string(kTodoWriteSchema)};
  json::Value todos_ = json::Value::array();
};

}  // namespace

std::unique_ptr<Tool> make_todo_write_tool() { return std::make_unique<TodoWriteTool>(); }

}  // namespace awl::tools
