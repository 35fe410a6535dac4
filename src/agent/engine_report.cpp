// What the engine tells of a session to a program that drives it.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/engine_impl.h"

namespace awl::agent {

namespace {

constexpr size_t kBytesPerShownToken = 4;

int64_t tokens_of(size_t bytes) { return static_cast<int64_t>(bytes / kBytesPerShownToken); }

}  // namespace

std::string EngineImpl::describe_session_json() const {
  json::Value commands = json::Value::array();
  const auto add = [&commands](const std::string& name, const std::string& description,
                               const std::string& hint) {
    commands.push_back({{"name", name}, {"description", description}, {"argumentHint", hint}});
  };
  for (const extensions::Skill& skill : skills_->all()) {
    if (skill.for_person) add(skill.name, skill.description, skill.argument_hint);
  }
  for (const OwnCommand& command : own_commands())
    add(command.name, command.description, command.argument_hint);
  json::Value agents = json::Value::array();
  for (const extensions::AgentDefinition& agent : agent_types_.all()) {
    json::Value shown{{"name", agent.name}, {"description", agent.description}};
    if (!agent.model.empty()) shown["model"] = agent.model;
    agents.push_back(std::move(shown));
  }
  json::Value models = json::Value::array();
  for (const ModelLabel& model : options_.models)
    models.push_back(
        {{"value", model.value}, {"displayName", model.name}, {"description", model.description}});
  return json::dump({{"commands", commands},
                     {"agents", agents},
                     {"output_style", options_.output_style ? options_.output_style->name : "default"},
                     {"available_output_styles", options_.output_styles},
                     {"models", models},
                     {"account", {{"apiKeySource", options_.credential_source}}}});
}

std::string EngineImpl::mcp_status_json() const {
  json::Value list = json::Value::array();
  for (const auto& server : mcp_->servers()) {
    json::Value shown{{"name", server->config.name},
                      {"status", mcp::to_string(server->status)},
                      {"scope", server->config.scope}};
    if (!server->error.empty()) shown["error"] = server->error;
    if (server->status == mcp::Status::kConnected) {
      shown["serverInfo"] = {{"name", server->client->server_name()},
                             {"version", server->client->server_version()}};
      json::Value tools = json::Value::array();
      for (const mcp::ToolInfo& tool : server->client->tools()) {
        tools.push_back({{"name", tool.name},
                         {"description", tool.description},
                         {"annotations", {{"readOnly", tool.read_only}}}});
      }
      shown["tools"] = std::move(tools);
    }
    list.push_back(std::move(shown));
  }
  return json::dump(list);
}

std::string EngineImpl::context_usage_json() const {
  size_t tool_bytes = 0;
  for (const std::string& definition : tools_.definitions()) tool_bytes += definition.size();
  const int64_t window = options_.request.model.context_window;
  const int64_t tools = tokens_of(tool_bytes);
  const int64_t total = std::max(guard_.estimate(conversation_), tools);
  const int64_t messages = tokens_of(conversation_.counted_bytes());
  const int64_t prompt = std::max<int64_t>(0, total - tools - messages);
  json::Value categories = json::Value::array();
  const auto add = [&categories](const char* name, int64_t tokens, const char* color) {
    categories.push_back({{"name", name}, {"tokens", tokens}, {"color", color}});
  };
  add("System prompt", prompt, "blue");
  add("System tools", tools, "gray");
  add("Messages", messages, "purple");
  add("Free space", std::max<int64_t>(0, window - total), "white");
  json::Value mcp_tools = json::Value::array();
  for (const auto& server : mcp_->servers()) {
    if (server->status != mcp::Status::kConnected) continue;
    for (const mcp::ToolInfo& tool : server->client->tools()) {
      mcp_tools.push_back(
          {{"name", mcp_prefix(server->config.name) + mcp::tool_part(tool.name)},
           {"serverName", server->config.name},
           {"tokens", tokens_of(tool.description.size() + json::dump(tool.input_schema).size())}});
    }
  }
  json::Value agents = json::Value::array();
  for (const extensions::AgentDefinition& agent : agent_types_.all()) {
    agents.push_back({{"agentType", agent.name},
                      {"source", agent.file.empty() ? "built-in" : agent.file.string()},
                      {"tokens", tokens_of(agent.description.size())}});
  }
  return json::dump({{"categories", categories},
                     {"totalTokens", total},
                     {"maxTokens", window},
                     {"rawMaxTokens", window},
                     {"percentage", 100.0 * static_cast<double>(total) / static_cast<double>(window)},
                     {"gridRows", json::Value::array()},
                     {"model", options_.request.model.id},
                     {"memoryFiles", json::Value::array()},
                     {"mcpTools", mcp_tools},
                     {"agents", agents},
                     {"isAutoCompactEnabled", options_.compaction.enabled && options_.compaction.automatic}});
}

}  // namespace awl::agent
