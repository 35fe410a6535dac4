// The mode auto: whether a session may have it, who judges, and by which rules.
#pragma once

#include "agent/auto_mode.h"
#include "cli/session_setup.h"

namespace awl::cli {

/// The built-in rules, with those of the settings in their place; "$defaults" in a list stands for them.
agent::AutoModeRules make_auto_mode_rules(const config::AutoModeTexts& texts);

/// Where the session cannot have the mode that was asked for, it becomes default, and `problems` of the
/// set-up says why. Models first.
void choose_auto_mode(Setup& setup);

}  // namespace awl::cli
