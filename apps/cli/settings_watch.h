// Settings files that change while a session runs.
#pragma once

#include <memory>

#include "agent/settings_watch.h"
#include "cli/session_setup.h"

namespace awl::cli {

/// The part of the settings that a session follows, as `setup` has it.
agent::SettingsPart make_settings_part(const Setup& setup, const std::string& effort);

/// Hooks of the project stay what they were when the session began: nobody could be asked about new ones. All
/// arguments outlive it.
std::unique_ptr<agent::SettingsWatch> make_settings_watch(const Arguments& arguments,
                                                          const Environment& shell, const Setup& setup,
                                                          std::string effort);

}  // namespace awl::cli
