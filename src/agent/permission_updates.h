// Changes of rules, mode and folders that whoever allowed a call wants. Source: product documentation,
// "hooks", "Permission update entries".
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "agent/tool_runner.h"
#include "tools/session.h"

namespace awl::agent {

/// Applies a JSON list of entries to the session; what cannot be applied gets a sentence in `problems`.
/// Modes that the session may not have (`is_mode_allowed`) are not taken.
void apply_permission_updates(const std::string& updates_json, ToolRunner& runner, tools::Session& session,
                              const std::function<bool(permission::Mode)>& is_mode_allowed,
                              std::vector<std::string>& problems);

}  // namespace awl::agent
