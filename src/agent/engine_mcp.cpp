// MCP servers of the session: their tools, their prompts, what they ask.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agent/engine_impl.h"
#include "agent/reminder.h"
#include "async/timeout.h"
#include "base/utf8.h"
#include "extensions/skill_text.h"

namespace awl::agent {

namespace {

constexpr size_t kMaxInstructionBytes = 2'048;
constexpr std::chrono::milliseconds kPromptGetLimit{60'000};

// What hooks answer in the place of the person.
json::Value answer_of(const hooks::HookOutcome& outcome) {
  json::Value answer{{"action", outcome.action}};
  const auto content = json::parse(outcome.content_json);
  if (outcome.action == "accept" && content) answer["content"] = *content;
  return answer;
}

std::string_view transport_of(mcp::ServerConfig::Kind kind) {
  using enum mcp::ServerConfig::Kind;
  return kind == kStdio ? "stdio" : kind == kSse ? "sse" : kind == kHosted ? "sdk" : "http";
}

}  // namespace

mcp::ConnectionsOptions EngineImpl::mcp_options() {
  mcp::ConnectionsOptions options;
  options.executor = executor_;
  options.client = options_.mcp_client;
  options.client.roots = {options_.session.project_dir};
  options.environment = options_.session.child_environment;
  options.project_dir = options_.session.project_dir;
  options.http = options_.session.http;
  options.trusted = options_.trusted;
  options.logins = options_.mcp_logins;
  options.pass_to_host = [this](std::string server, std::string message) {
    return face_.pass_mcp_message(std::move(server), std::move(message));
  };
  options.elicit = [this](std::string server, std::string params) {
    return elicit(std::move(server), std::move(params));
  };
  options.on_changed = [this] { on_mcp_changed(); };
  return options;
}

// Servers in the program that drives the session answer at once, and it counts on their tools.
Task<> EngineImpl::wait_for_hosted() {
  for (const std::string& name : hosted_) {
    const auto waiting = [](mcp::Connections& all, std::string server) -> Task<> {
      static_cast<void>(co_await all.ready(std::move(server)));
    };
    auto ready = waiting(*mcp_, name);
    co_await async::finish_within(std::move(ready), options_.mcp_client.start_limit);
  }
}

void EngineImpl::tell_server_changes() {
  for (const auto& server : mcp_->servers()) {
    const auto before = server_states_.find(server->config.name);
    const bool was_connected = before != server_states_.end() && before->second == mcp::Status::kConnected;
    if (before != server_states_.end() && before->second == server->status) continue;
    server_states_[server->config.name] = server->status;
    const bool connected = server->status == mcp::Status::kConnected;
    if (!connected && !was_connected && server->status != mcp::Status::kFailed) continue;
    emit(protocol::McpServerChanged{.name = server->config.name,
                                    .status = connected       ? "connected"
                                              : was_connected ? "disconnected"
                                                              : "failed",
                                    .transport = std::string(transport_of(server->config.kind)),
                                    .scope = server->config.scope,
                                    .error = server->error});
  }
}

void EngineImpl::on_mcp_changed() {
  tell_server_changes();
  bool refresh = false;
  std::vector<std::string> problems;
  for (const auto& server : mcp_->servers()) {
    // What a server offered that is being connected again is still what it will offer.
    if (server->status == mcp::Status::kPending || server->status == mcp::Status::kFailed) continue;
    const std::string& name = server->config.name;
    refresh = tools_.replace_group(mcp_prefix(name), make_mcp_tools(*mcp_, name, options_.mcp_limits),
                                   runner_.rules(), problems) ||
              refresh;
  }
  emit_notices(problems);
  if (refresh && routes_.are_ready()) routes_.refresh();
}

// What the model does not know of servers yet.
std::vector<std::string> EngineImpl::take_mcp_notices() {
  std::vector<std::string> notices;
  std::vector<std::string> names;
  for (const std::string& name : tools_.deferred_names()) {
    if (told_tools_.insert(name).second) names.push_back(name);
  }
  if (!names.empty()) notices.push_back(deferred_tools_reminder(names));
  for (const auto& server : mcp_->servers()) {
    const std::string& name = server->config.name;
    if (server->status == mcp::Status::kConnected && !server->client->instructions().empty() &&
        told_servers_.insert(name).second) {
      notices.push_back(
          reminder(fmt::format("The MCP server {} says of itself:\n{}", name,
                               utf8_prefix(server->client->instructions(), kMaxInstructionBytes))));
    }
    if (server->status == mcp::Status::kFailed && told_servers_.insert(name).second) {
      notices.push_back(reminder(fmt::format(
          "The MCP server {} is not connected, so its tools are not there: {}", name, server->error)));
    }
  }
  return notices;
}

Task<std::string> EngineImpl::elicit(std::string server, std::string params_json) {
  json::Value fields{{"mcp_server_name", server}};
  const auto params = json::parse(params_json);
  for (const auto& [key, name] :
       {std::pair{"message", "message"}, std::pair{"mode", "mode"}, std::pair{"url", "url"},
        std::pair{"elicitationId", "elicitation_id"}, std::pair{"requestedSchema", "requested_schema"}}) {
    const json::Value* value = params ? json::find(*params, key) : nullptr;
    if (value != nullptr) fields[name] = *value;
  }
  const std::string question = json::dump(fields);
  const auto asked = co_await hooks_->run({"Elicitation", server, question});
  if (asked.blocked) co_return R"({"action":"decline"})";
  json::Value answer = answer_of(asked);
  if (asked.action.empty()) {
    const bool is_url = json::string_or_empty(fields, "mode") == "url";
    notify(is_url ? "elicitation_url_dialog" : "elicitation_dialog",
           fmt::format("The MCP server {} asks you something", server));
    const std::string told = co_await face_.elicit({question});
    notify("elicitation_complete", fmt::format("The question of the MCP server {} is answered", server));
    const auto parsed = json::parse(told);
    answer = parsed && parsed->is_object() ? *parsed : json::Value{{"action", "cancel"}};
  }
  json::Value result{{"mcp_server_name", server}};
  result.update(answer);
  const auto looked = co_await hooks_->run({"ElicitationResult", server, json::dump(result)});
  notify("elicitation_response", fmt::format("The MCP server {} has its answer", server));
  if (looked.blocked) co_return R"({"action":"decline"})";
  co_return json::dump(looked.action.empty() ? answer : answer_of(looked));
}

// For hooks, which connect no server that is not there.
Task<Result<std::string>> EngineImpl::call_mcp_tool(std::string server, std::string tool,
                                                    std::string input_json) {
  const mcp::Connections::Server* found = mcp_->find(server);
  if (found == nullptr || found->status != mcp::Status::kConnected)
    co_return fail(ErrorKind::kNotFound, fmt::format("the MCP server {} is not connected", server));
  const auto input = json::parse(input_json);
  const json::Value params{{"name", tool}, {"arguments", input ? *input : json::Value::object()}};
  auto called = co_await found->client->request("tools/call", params, options_.mcp_limits.call_limit);
  AWL_CO_TRY(const json::Value result, std::move(called));
  if (json::get_bool(result, "isError").value_or(false)) co_return fail(ErrorKind::kApi, result_text(result));
  co_return result_text(result);
}

// False when no server has a prompt of that name.
Task<bool> EngineImpl::run_mcp_prompt(const SlashCommand& command, QueuedMessage& message,
                                      std::optional<protocol::TurnEnded>& ended) {
  co_await mcp_->wait(options_.mcp_client.start_limit);
  for (const auto& server : mcp_->servers()) {
    const std::string prefix = mcp_prefix(server->config.name);
    if (server->status != mcp::Status::kConnected || !command.name.starts_with(prefix)) continue;
    for (const mcp::PromptInfo& prompt : server->client->prompts()) {
      if (mcp::tool_part(prompt.name) != command.name.substr(prefix.size())) continue;
      json::Value arguments = json::Value::object();
      const std::vector<std::string> given = extensions::split_arguments(command.arguments);
      for (size_t i = 0; i < prompt.arguments.size() && i < given.size(); ++i)
        arguments[prompt.arguments[i]] = given[i];
      const json::Value params{{"name", prompt.name}, {"arguments", arguments}};
      const auto got = co_await server->client->request("prompts/get", params, kPromptGetLimit);
      if (!got) {
        ended = forget_message(fmt::format("/{} was not run: {}", command.name, describe(got.error())));
        co_return true;
      }
      std::vector<std::string> texts{describe_command(command)};
      const json::Value* messages = json::find(*got, "messages");
      if (messages != nullptr && messages->is_array()) {
        for (const json::Value& part : *messages) {
          const json::Value* content = json::find(part, "content");
          if (content == nullptr) continue;
          texts.push_back(result_text({{"content", json::Value::array({*content})}}));
        }
      }
      message.blocks.clear();
      for (const std::string& text : texts) message.blocks.push_back(anthropic::text_block(text));
      co_return true;
    }
  }
  co_return false;
}

}  // namespace awl::agent
