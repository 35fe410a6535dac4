// The tool Skill.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agent/skill_set.h"
#include "base/strings.h"
#include "base/utf8.h"

namespace awl::embedded {
extern const std::string_view skill_tool_md;
}

namespace awl::agent {

namespace {

constexpr std::string_view kSkillSchema =
    R"({"type":"object","properties":{)"
    R"("skill":{"type":"string","description":"The skill's name"},)"
    R"("args":{"type":"string","description":"Arguments for it, if it takes any"}},)"
    R"("required":["skill"],"additionalProperties":false})";

class SkillTool final : public tools::Tool {
 public:
  using Deliver = std::function<void(std::string)>;
  using Fork = std::function<Task<tools::ToolResult>(const extensions::Skill&, std::string, std::string)>;

  SkillTool(SkillSet& skills, Deliver deliver, Fork fork)
      : skills_(skills), deliver_(std::move(deliver)), fork_(std::move(fork)) {}

  const tools::ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value& /*input*/) const override { return false; }

  Result<tools::Access> access(const json::Value& input, const tools::Session& /*session*/) const override {
    const std::string name = json::string_or_empty(input, "skill");
    const extensions::Skill* skill = skills_.find(name);
    if (skill == nullptr)
      return fail(ErrorKind::kNotFound, fmt::format("There is no skill named {} here", to_utf8(name)));
    if (!skill->for_model) {
      return fail(
          ErrorKind::kPermissionDenied,
          fmt::format("Only the person may invoke the skill {}, by typing /{}", skill->name, skill->name),
          "Do not do what it does in another way; tell them that they may run it");
    }
    return tools::Access{};
  }

  Task<tools::ToolResult> run(const json::Value& input, const tools::Access& /*access*/,
                              const std::string& tool_use_id, tools::Session& /*session*/) override {
    const extensions::Skill& skill = *skills_.find(json::string_or_empty(input, "skill"));
    auto text = co_await skills_.invoke(skill, json::string_or_empty(input, "args"));
    if (!text)
      co_return tools::ToolResult::error(
          fmt::format("The skill {} was not loaded: {}", skill.name, describe(text.error())));
    if (skill.fork) {
      auto answer = co_await fork_(skill, std::move(*text), tool_use_id);
      co_return answer;
    }
    tools::ToolResult result;
    if (!skills_.note_told(skill.name, *text)) {
      result.text = fmt::format("The skill {} is loaded already, with this very text.", skill.name);
    } else {
      deliver_(std::move(*text));
      result.text = fmt::format("The skill {} is loaded; its text follows.", skill.name);
    }
    result.structured_json =
        json::dump({{"success", true}, {"commandName", skill.name}, {"allowedTools", skill.allowed_tools}});
    co_return result;
  }

 private:
  SkillSet& skills_;
  Deliver deliver_;
  Fork fork_;
  tools::ToolSpec spec_{.name = "Skill",
                        .description = std::string(trim(embedded::skill_tool_md)),
                        .input_schema = std::string(kSkillSchema),
                        .renamed_keys = {{"command", "skill"}, {"name", "skill"}, {"arguments", "args"}}};
};

}  // namespace

std::unique_ptr<tools::Tool> make_skill_tool(
    SkillSet& skills, std::function<void(std::string text)> deliver,
    std::function<Task<tools::ToolResult>(const extensions::Skill& skill, std::string text,
                                          std::string tool_use_id)>
        fork) {
  return std::make_unique<SkillTool>(skills, std::move(deliver), std::move(fork));
}

}  // namespace awl::agent
