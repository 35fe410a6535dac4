// The tool Agent.
#include <nlohmann/json.hpp>

#include "agent/subagents.h"
#include "base/strings.h"

namespace awl::embedded {
extern const std::string_view agent_tool_md;
}

namespace awl::agent {

namespace {

constexpr std::string_view kAgentSchema =
    R"({"type":"object","properties":{)"
    R"("description":{"type":"string","description":"The task in three to five words"},)"
    R"("prompt":{"type":"string","description":"The task, with everything that the subagent needs to know"},)"
    R"("subagent_type":{"type":"string","description":"The kind of subagent; general-purpose when left out"},)"
    R"("model":{"type":"string","description":"Another model for this task: sonnet, opus, haiku or an id"},)"
    R"("isolation":{"type":"string","enum":["worktree"],"description":"worktree: it works in a git worktree of its own"},)"
    R"("run_in_background":{"type":"boolean","description":"Go on at once; you are told when it ends"}},)"
    R"("required":["description","prompt"],"additionalProperties":false})";

class AgentTool final : public tools::Tool {
 public:
  AgentTool(std::function<Subagents&()> subagents, const AgentTypes& types, int depth)
      : subagents_(std::move(subagents)), types_(types), depth_(depth) {}

  const tools::ToolSpec& spec() const override { return spec_; }
  // Several work side by side; what they change, each asks for itself.
  bool is_read_only(const json::Value& /*input*/) const override { return true; }

  Result<tools::Access> access(const json::Value& input, const tools::Session& /*session*/) const override {
    if (trim(json::string_or_empty(input, "prompt")).empty())
      return fail(ErrorKind::kInvalidInput, "`prompt` is empty");
    if (trim(json::string_or_empty(input, "subagent_type")).empty() &&
        types_.find(kGeneralPurpose) == nullptr)
      return fail(ErrorKind::kInvalidInput,
                  "subagent_type is required: there is no general-purpose subagent here");
    return tools::Access{};
  }

  Task<tools::ToolResult> run(const json::Value& input, const tools::Access& /*access*/,
                              const std::string& tool_use_id, tools::Session& /*session*/) override {
    SubagentCall call;
    call.type = json::string_or_empty(input, "subagent_type");
    if (call.type.empty()) call.type = kGeneralPurpose;
    call.prompt = json::string_or_empty(input, "prompt");
    call.description = json::string_or_empty(input, "description");
    call.model = json::string_or_empty(input, "model");
    call.tool_use_id = tool_use_id;
    call.isolated = json::string_or_empty(input, "isolation") == "worktree";
    call.background = json::get_bool(input, "run_in_background").value_or(false);
    call.depth = depth_;
    auto result = co_await subagents_().run(std::move(call));
    co_return result;
  }

 private:
  std::function<Subagents&()> subagents_;
  const AgentTypes& types_;
  int depth_;
  tools::ToolSpec spec_{.name = "Agent",
                        .description = std::string(trim(embedded::agent_tool_md)),
                        .input_schema = std::string(kAgentSchema),
                        .aliases = {"Task"}};
};

}  // namespace

std::unique_ptr<tools::Tool> make_agent_tool(std::function<Subagents&()> subagents, const AgentTypes& types,
                                             int depth) {
  return std::make_unique<AgentTool>(std::move(subagents), types, depth);
}

}  // namespace awl::agent
