#include "agent/prompt_tool_host.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agent/mcp_tools.h"

namespace awl::agent {

namespace {

constexpr std::chrono::hours kPromptLimit{24};  // a person may be behind it

class PromptToolHost final : public protocol::Host {
 public:
  PromptToolHost(std::string tool_name, mcp::Connections& connections)
      : tool_name_(std::move(tool_name)), connections_(connections) {}

  Task<protocol::PermissionAnswer> ask_permission(protocol::PermissionQuestion question) override {
    const auto answered = co_await ask(question);
    if (!answered) {
      co_return protocol::PermissionAnswer{false, fmt::format("{} {} could not be asked: {}", question.reason,
                                                              tool_name_, describe(answered.error()))};
    }
    protocol::PermissionAnswer answer;
    answer.allowed = json::string_or_empty(*answered, "behavior") == "allow";
    answer.message = json::string_or_empty(*answered, "message");
    if (answer.allowed && needs_person(question.tool_name)) {
      co_return protocol::PermissionAnswer{
          false, "this tool wants a person's yes, which --permission-prompt-tool cannot give"};
    }
    if (const json::Value* input = json::find(*answered, "updatedInput");
        input != nullptr && input->is_object())
      answer.updated_input_json = json::dump(*input);
    if (!answer.allowed && answer.message.empty()) answer.message = "the permission tool said no";
    co_return answer;
  }

 private:
  // The server and tool that a full name stands for.
  Task<Result<json::Value>> ask(const protocol::PermissionQuestion& question) {
    for (const auto& server : connections_.servers()) {
      const std::string name = server->config.name;
      if (!tool_name_.starts_with(mcp_prefix(name))) continue;
      auto ready = co_await connections_.ready(name);
      AWL_CO_TRY(mcp::Client* const client, std::move(ready));
      const mcp::ToolInfo* tool = find_mcp_tool(*connections_.find(name), tool_name_);
      if (tool == nullptr) continue;
      const auto input = json::parse(question.input_json);
      const json::Value params{{"name", tool->name},
                               {"arguments",
                                {{"tool_name", question.tool_name},
                                 {"input", input ? *input : json::Value::object()},
                                 {"tool_use_id", question.tool_use_id}}}};
      auto called = co_await client->request("tools/call", params, kPromptLimit);
      AWL_CO_TRY(const json::Value result, std::move(called));
      auto answer = json::parse(result_text(result));
      if (answer && answer->is_object()) co_return std::move(*answer);
      co_return fail(ErrorKind::kParse, "its answer is no JSON object");
    }
    co_return fail(ErrorKind::kNotFound, "there is no such tool");
  }

  bool needs_person(const std::string& tool_name) const {
    for (const auto& server : connections_.servers()) {
      if (const mcp::ToolInfo* tool = find_mcp_tool(*server, tool_name)) return tool->needs_person;
    }
    return false;
  }

  std::string tool_name_;
  mcp::Connections& connections_;
};

}  // namespace

std::unique_ptr<protocol::Host> make_prompt_tool_host(const std::string& tool_name,
                                                      mcp::Connections& connections) {
  if (tool_name.empty()) return nullptr;
  return std::make_unique<PromptToolHost>(tool_name, connections);
}

}  // namespace awl::agent
