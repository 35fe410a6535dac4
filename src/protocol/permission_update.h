#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"
#include "protocol/host.h"

namespace awl::protocol {

/// The permission update, a list of one, that adds allow rules. `destination`: session, localSettings,
/// projectSettings or userSettings. Source: product documentation, "hooks", "Permission update entries".
std::string allow_rules_json(const std::vector<std::string>& rules, std::string_view destination);

/// The same that adds a rule of a behavior (allow, ask, deny), or removes it.
std::string change_rule_json(bool add, std::string_view behavior, const std::string& rule,
                             std::string_view destination);

/// The same for another permission mode, until the session ends.
std::string set_mode_json(std::string_view mode);

/// What may be allowed from now on beside the call itself: its exact rules, kept in the local settings, or,
/// for a change of files, every change in this session. `input` is that of the question. Empty: nothing.
std::string lasting_answer_json(const PermissionQuestion& question, const json::Value& input);

}  // namespace awl::protocol
