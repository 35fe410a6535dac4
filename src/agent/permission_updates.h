// Changes of rules, mode and folders that whoever allowed a call wants. Source: product documentation,
// "hooks", "Permission update entries".
#pragma once

#include <string>
#include <vector>

#include "agent/tool_runner.h"
#include "tools/session.h"

namespace awl::agent {

/// Applies a JSON list of entries to the session; what cannot be applied gets a sentence in `problems`.
/// Bypass mode is taken only where the session may have it.
void apply_permission_updates(const std::string& updates_json, ToolRunner& runner, tools::Session& session,
                              bool may_bypass, std::vector<std::string>& problems);

}  // namespace awl::agent
