// The AskUserQuestion tool: questions to the person, with answers to choose from. Whoever answers puts the
// answers into the input of the call.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "base/strings.h"
#include "base/utf8.h"
#include "tools/builtin.h"
#include "tools/session.h"

namespace awl::embedded {
extern const std::string_view ask_user_question_md;
}

namespace awl::tools {

namespace {

constexpr std::string_view kAskSchema =
    R"({"type":"object","properties":{"questions":{"type":"array","minItems":1,"maxItems":4,"items":{)"
    R"("type":"object","properties":{)"
    R"("question":{"type":"string","description":"The whole question, with its question mark"},)"
    R"("header":{"type":"string","description":"A word or two to tell the questions apart, 12 characters at most"},)"
    R"("options":{"type":"array","minItems":2,"maxItems":4,"items":{"type":"object","properties":{)"
    R"("label":{"type":"string","description":"The answer in a few words"},)"
    R"("description":{"type":"string","description":"What follows from it"},)"
    R"("preview":{"type":"string","description":"A sketch or a piece of code to compare the options by, Markdown"}},)"
    R"("required":["label","description"]}},)"
    R"("multiSelect":{"type":"boolean","description":"Several may be chosen"}},)"
    R"("required":["question","header","options"]}},)"
    R"("answers":{"type":"object","description":"Leave it out: what the person says is put here"},)"
    R"("annotations":{"type":"object","description":"Leave it out, too"}},)"
    R"("required":["questions"],"additionalProperties":false})";

// One answer, or several.
std::string answer_text(const json::Value& answer) {
  if (answer.is_string()) return answer.get<std::string>();
  std::vector<std::string> parts;
  if (answer.is_array()) {
    for (const json::Value& part : answer) {
      if (part.is_string()) parts.push_back(part.get<std::string>());
    }
  }
  return join(parts, ", ");
}

class AskUserQuestionTool final : public Tool {
 public:
  const ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value& /*input*/) const override { return false; }

  Result<Access> access(const json::Value& input, const Session& /*session*/) const override {
    std::set<std::string> texts;
    for (const json::Value& question : input["questions"]) {
      const std::string text = json::string_or_empty(question, "question");
      if (!texts.insert(text).second)
        return fail(ErrorKind::kInvalidInput, fmt::format("the question \"{}\" is asked twice", text));
      std::set<std::string> labels;
      for (const json::Value& option : question["options"]) {
        const std::string label = json::string_or_empty(option, "label");
        if (!labels.insert(label).second) {
          return fail(ErrorKind::kInvalidInput,
                      fmt::format("the question \"{}\" has the option \"{}\" twice", text, label));
        }
      }
    }
    return Access{.needs_person = true};
  }

  Task<ToolResult> run(const json::Value& input, const Access& /*access*/, const std::string& /*tool_use_id*/,
                       Session& /*session*/) override {
    const json::Value* given = json::find(input, "answers");
    const json::Value* notes = json::find(input, "annotations");
    std::string told;
    for (const json::Value& question : input["questions"]) {
      const std::string text = json::string_or_empty(question, "question");
      const json::Value* answer = given == nullptr ? nullptr : json::find(*given, text);
      const std::string chosen = answer == nullptr ? "" : answer_text(*answer);
      if (chosen.empty()) continue;
      told += fmt::format("\n{}\n  {}", text, replace_all(chosen, "\n", "\n  "));
      const json::Value* note = notes == nullptr ? nullptr : json::find(*notes, text);
      const std::string more = note == nullptr ? "" : json::string_or_empty(*note, "notes");
      if (!more.empty()) told += fmt::format("\n  (note: {})", more);
    }
    ToolResult result;
    result.text = told.empty()
                      ? "The person gave no answer. Go on as you think best, and say what you decided."
                      : "The person's answers, by question:" + told;
    json::Value structured{{"questions", input["questions"]},
                           {"answers", given == nullptr ? json::Value::object() : *given}};
    if (notes != nullptr) structured["annotations"] = *notes;
    result.structured_json = json::dump(structured);
    co_return result;
  }

 private:
  ToolSpec spec_{.name = "AskUserQuestion",
                 .description = std::string(trim(embedded::ask_user_question_md)),
                 .input_schema = std::string(kAskSchema),
                 .deferred = true};
};

}  // namespace

std::unique_ptr<Tool> make_ask_user_question_tool() { return std::make_unique<AskUserQuestionTool>(); }

}  // namespace awl::tools
