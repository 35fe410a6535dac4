// What else stands for the managed settings: the output of a helper program, and what the program that drives
// the session decides. Source: product documentation, "managed-settings", "settings-reference".
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"

namespace awl::config {

/// The program that says what the managed settings are; it is given no arguments.
struct PolicyHelper {
  os::Path path;  ///< absolute
  std::chrono::milliseconds timeout{10'000};
  std::chrono::milliseconds refresh{0};  ///< how often it is asked again; 0: when a settings file changes
};

/// `policyHelper` of the managed files, the last that has one; nullopt: none has. Errors: kInvalidInput, for
/// one that is written wrongly.
Result<std::optional<PolicyHelper>> find_policy_helper(const std::vector<SettingsSource>& sources);

/// Puts what a helper printed, {"managedSettings": {…}}, in the place of all managed files; without that key
/// they stay. Errors: kParse, and then nothing is changed.
Result<> apply_policy_output(std::string_view output, const std::string& helper,
                             std::vector<SettingsSource>& sources);

/// Adds --managed-settings, JSON text, below the managed files: of its keys those that restrict, and none
/// that a managed file has where lists would add up. Where there are managed files, only when they set
/// `parentSettingsBehavior` to "merge". The sentences say what is left out. Errors: kInvalidInput.
Result<std::vector<std::string>> add_parent_settings(const std::string& text,
                                                     std::vector<SettingsSource>& sources);

}  // namespace awl::config
