#include "agent/agent_types.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/reminder.h"
#include "base/strings.h"

namespace awl::embedded {
extern const std::string_view agent_general_md;
extern const std::string_view agent_explore_md;
extern const std::string_view agent_plan_md;
}  // namespace awl::embedded

namespace awl::agent {

namespace {

using extensions::AgentDefinition;

AgentDefinition make_agent(std::string_view name, std::string_view description, std::string_view prompt) {
  AgentDefinition agent;
  agent.name = name;
  agent.description = description;
  agent.prompt = trim(prompt);
  return agent;
}

AgentDefinition make_explorer(std::string_view name, std::string_view description, std::string_view prompt) {
  AgentDefinition agent = make_agent(name, description, prompt);
  agent.disallowed_tools = {"Write", "Edit", "NotebookEdit", "Agent"};
  agent.knows_project = false;
  return agent;
}

}  // namespace

AgentTypes::AgentTypes(std::vector<AgentDefinition> defined, bool built_in, bool explorers) {
  if (built_in) {
    types_.push_back(make_agent(kGeneralPurpose, "Any task of several steps", embedded::agent_general_md));
    if (explorers) {
      types_.push_back(make_explorer("Explore",
                                     "Finds things in the code and reads them, quickly; changes nothing",
                                     embedded::agent_explore_md));
      types_.push_back(make_explorer("Plan", "Works out how something could be built here; changes nothing",
                                     embedded::agent_plan_md));
    }
  }
  built_in_ = types_.size();
  for (AgentDefinition& agent : defined) add(std::move(agent));
}

void AgentTypes::add(AgentDefinition agent) {
  const auto same = std::ranges::find(types_, agent.name, &AgentDefinition::name);
  if (same == types_.end()) {
    types_.push_back(std::move(agent));
    return;
  }
  const bool replaces_own = same - types_.begin() < static_cast<std::ptrdiff_t>(built_in_);
  if (replaces_own) --built_in_;
  types_.erase(same);
  types_.push_back(std::move(agent));
}

const AgentDefinition* AgentTypes::find(std::string_view name) const {
  const auto found = std::ranges::find(types_, name, &AgentDefinition::name);
  return found == types_.end() ? nullptr : &*found;
}

void deny_tools_of(const AgentDefinition& agent, permission::Rules& rules) {
  for (const std::string& tool : agent.disallowed_tools)
    rules.deny.push_back({tool, "", "agent " + agent.name, {}});
}

std::string AgentTypes::list() const {
  if (types_.size() == built_in_) return "";
  std::string text = "Further kinds of subagents, for the tool Agent:\n\n";
  for (size_t i = built_in_; i < types_.size(); ++i)
    text += fmt::format("- {}: {}\n", types_[i].name, types_[i].description);
  return reminder(text);
}

}  // namespace awl::agent
