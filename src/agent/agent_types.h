// The kinds of subagents that a session has: those of the product, and those that people define.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "extensions/agent_files.h"
#include "permission/policy.h"

namespace awl::agent {

constexpr std::string_view kGeneralPurpose = "general-purpose";

class AgentTypes {
 public:
  /// `defined` take the place of built-in ones of their name. Without `built_in` there are no others, without
  /// `explorers` none that only look.
  AgentTypes(std::vector<extensions::AgentDefinition> defined, bool built_in, bool explorers);

  const std::vector<extensions::AgentDefinition>& all() const { return types_; }
  const extensions::AgentDefinition* find(std::string_view name) const;
  void add(extensions::AgentDefinition agent);

  /// What the first message says of those that are not built in; "" for none.
  std::string list() const;

 private:
  std::vector<extensions::AgentDefinition> types_;
  size_t built_in_ = 0;
};

/// Denies a whole session that is this agent the tools that the agent does without.
void deny_tools_of(const extensions::AgentDefinition& agent, permission::Rules& rules);

}  // namespace awl::agent
