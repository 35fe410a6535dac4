// What the engine tells of a session to a program that drives it.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/engine_impl.h"
#include "agent/system_prompt.h"

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

std::string EngineImpl::rules_json() const {
  json::Value list = json::Value::array();
  const permission::Rules& rules = runner_.rules();
  for (const auto& [behavior, some] :
       {std::pair{"deny", &rules.deny}, std::pair{"ask", &rules.ask}, std::pair{"allow", &rules.allow}}) {
    for (const permission::Rule& rule : *some)
      list.push_back(
          {{"behavior", behavior}, {"rule", permission::to_string(rule)}, {"source", rule.source}});
  }
  return json::dump(list);
}

std::string EngineImpl::refusals_json() const {
  json::Value list = json::Value::array();
  for (const AutoMode::Refusal& refusal : auto_mode_->refusals())
    list.push_back({{"tool", refusal.tool}, {"subject", refusal.subject}, {"reason", refusal.reason}});
  return json::dump(list);
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

ContextReport EngineImpl::measure_context() const {
  ContextReport report;
  report.model = options_.request.model.id;
  report.window = options_.request.model.context_window;
  report.compacts_at = compaction_.threshold(0);
  for (const std::string& text : build_system_prompt(options_.system_prompt, facts_.value_or("")))
    report.system_prompt += tokens_of(text.size());
  for (const std::string& definition : tools_.definitions()) report.tools += tokens_of(definition.size());
  const std::vector<std::string> deferred = tools_.deferred_names();
  report.tools_waiting = deferred.size();
  for (const auto& server : mcp_->servers()) {
    if (server->status != mcp::Status::kConnected) continue;
    for (const mcp::ToolInfo& tool : server->client->tools()) {
      const std::string name = mcp_prefix(server->config.name) + mcp::tool_part(tool.name);
      if (std::ranges::find(deferred, name) != deferred.end()) continue;
      const int64_t tokens = tokens_of(tool.description.size() + json::dump(tool.input_schema).size());
      report.mcp_tools.push_back({name, server->config.name, tokens});
      report.tools -= std::min(tokens, report.tools);
    }
  }
  if (options_.instructions) {
    for (const memory::Instructions& file : memory::InstructionFiles(*options_.instructions).load())
      report.memory_files.push_back({file.path.string(), file.kind, tokens_of(file.text.size())});
  }
  if (tools_.has("Skill")) {
    for (const extensions::Skill& skill : skills_->all()) {
      if (skill.for_model && !skill.is_command)
        report.skills.push_back({skill.name, "", tokens_of(skill.name.size() + skill.description.size())});
    }
  }
  if (tools_.has("Agent")) {
    for (const extensions::AgentDefinition& agent : agent_types_.all())
      report.agents.push_back({agent.name, agent.file.empty() ? "built-in" : agent.file.string(),
                               tokens_of(agent.name.size() + agent.description.size())});
  }
  const int64_t rest = report.system_prompt + report.tools + sum_of(report.mcp_tools) +
                       sum_of(report.memory_files) + sum_of(report.skills) + sum_of(report.agents);
  report.message_count = conversation_.size();
  // The first message holds the files and the lists.
  if (report.message_count > 0) report.messages = std::max<int64_t>(guard_.estimate(conversation_) - rest, 0);
  report.total = rest + report.messages;
  return report;
}

std::string EngineImpl::context_usage_json() const { return to_json(measure_context()); }

}  // namespace awl::agent
