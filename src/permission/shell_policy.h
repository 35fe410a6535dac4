// The decision about one shell command.
#pragma once

#include <string_view>

#include "permission/policy.h"

namespace awl::permission {

/// decide() for an access of kind kShell.
Verdict decide_shell(const Rules& rules, const Situation& situation, std::string_view tool_name,
                     std::string_view command, const json::Value& input);

}  // namespace awl::permission
