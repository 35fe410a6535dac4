// Rules and mode of a session, from the command line and the settings.
#pragma once

#include <string>
#include <vector>

#include "base/environment.h"
#include "cli/arguments.h"
#include "config/settings.h"
#include "os/path.h"
#include "permission/policy.h"

namespace awl::cli {

struct Setup;

/// Errors: kInvalidInput, for what the command line says. `problems` gets a sentence for each rule or mode of
/// the settings that is not used.
Result<permission::Mode> choose_mode(const Arguments& arguments, const config::Settings& settings,
                                     const Environment& environment, std::vector<std::string>& problems);
Result<permission::Rules> collect_rules(const Arguments& arguments, const config::Settings& settings,
                                        const os::Path& project_dir, std::vector<std::string>& problems);

/// The rules of the settings files alone.
permission::Rules collect_settings_rules(const config::Settings& settings,
                                         std::vector<std::string>& problems);

/// The permission modes that a person may choose in a session, in the order in which keys go through them.
std::vector<std::string> selectable_modes(const Setup& setup, const Arguments& arguments);

}  // namespace awl::cli
