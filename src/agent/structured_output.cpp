#include "agent/structured_output.h"

#include <nlohmann/json.hpp>

namespace awl::agent {

namespace {

class StructuredOutputTool final : public tools::Tool {
 public:
  StructuredOutputTool(const std::string& schema_json, StructuredOutput& output)
      : spec_{std::string(kStructuredOutputTool),
              "Gives the final answer as data. Call it exactly once, when the work is done, with input that "
              "fits the schema.",
              schema_json},
        output_(output) {}

  const tools::ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value& /*input*/) const override { return false; }
  Result<tools::Access> access(const json::Value& /*input*/,
                               const tools::Session& /*session*/) const override {
    return tools::Access{};
  }
  Task<tools::ToolResult> run(const json::Value& input, const tools::Access& /*access*/,
                              const std::string& /*tool_use_id*/, tools::Session& /*session*/) override {
    output_.value_json = json::dump(input);
    co_return tools::ToolResult{"The structured output was taken.", {}, output_.value_json, false};
  }

 private:
  tools::ToolSpec spec_;
  StructuredOutput& output_;
};

}  // namespace

std::unique_ptr<tools::Tool> make_structured_output_tool(const std::string& schema_json,
                                                         StructuredOutput& output) {
  return std::make_unique<StructuredOutputTool>(schema_json, output);
}

}  // namespace awl::agent
