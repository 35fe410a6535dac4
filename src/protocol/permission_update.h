#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace awl::protocol {

/// The permission update, a list of one, that adds allow rules. `destination`: session, localSettings,
/// projectSettings or userSettings. Source: product documentation, "hooks", "Permission update entries".
std::string allow_rules_json(const std::vector<std::string>& rules, std::string_view destination);

/// The same for another permission mode, until the session ends.
std::string set_mode_json(std::string_view mode);

}  // namespace awl::protocol
