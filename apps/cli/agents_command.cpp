// `awl agents`: the kinds of subagents that a session in this folder has.
#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "agent/agent_types.h"
#include "base/columns.h"
#include "cli/commands.h"
#include "cli/engine_setup.h"
#include "cli/extension_setup.h"
#include "cli/messages.h"

namespace awl::cli {

namespace {

constexpr size_t kMaxDescription = 200;

std::string source_of(const extensions::AgentDefinition& agent) {
  if (!agent.file.empty()) return agent.file.string();
  return agent.from_flag ? "--agents" : "built in";
}

json::Value describe_agent(const extensions::AgentDefinition& agent) {
  json::Value told{{"name", agent.name}, {"description", agent.description}, {"source", source_of(agent)}};
  if (!agent.model.empty()) told["model"] = agent.model;
  if (!agent.memory.empty()) told["memory"] = agent.memory;
  if (agent.tools) told["tools"] = *agent.tools;
  return told;
}

}  // namespace

int run_agents(const Arguments& arguments, const Environment& shell, const os::Path& cwd) {
  const auto setup = make_setup(arguments, shell, cwd);
  if (!setup) return complain(setup.error());
  for (const std::string& problem : setup->problems) tell("Warning: " + problem);
  agent::EngineOptions options = make_engine_options(*setup, arguments, "");
  if (const auto added = add_extensions(*setup, arguments, options); !added) return complain(added.error());
  const agent::AgentTypes types(options.agents, options.builtin_agents, options.explorers);
  json::Value list = json::Value::array();
  for (const extensions::AgentDefinition& agent : types.all()) {
    if (arguments.as_json) {
      list.push_back(describe_agent(agent));
      continue;
    }
    fmt::print("{}{}\n  {}\n  {}\n", agent.name,
               agent.model.empty() ? "" : fmt::format("  ({})", agent.model),
               printable(agent.description, kMaxDescription), source_of(agent));
  }
  if (arguments.as_json) fmt::print("{}\n", json::dump(list));
  return 0;
}

}  // namespace awl::cli
