// The managed settings beyond their files: the organisation's program, and the driving program's own.
#pragma once

#include "cli/arguments.h"
#include "config/managed_policy.h"

namespace awl::cli {

/// Runs `policyHelper` where the managed files name one, and reads --managed-settings where none does. What
/// is left out of that is told in `problems`. Errors: the helper fails, takes too long or prints what is no
/// policy; nothing starts then. Gives how often the helper wants to be asked again; 0: never.
Result<std::chrono::milliseconds> add_policy(const Arguments& arguments, const Environment& shell,
                                             const config::Locations& locations,
                                             std::vector<config::SettingsSource>& sources,
                                             std::vector<std::string>& problems);

}  // namespace awl::cli
