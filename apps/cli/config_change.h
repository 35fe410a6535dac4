// Settings that are changed by a command.
#pragma once

#include <string>
#include <vector>

#include "config/locations.h"

namespace awl::cli {

/// The settings file of a scope: user (also when it is empty), project or local. Errors: kInvalidInput.
Result<os::Path> settings_file(const config::Locations& locations, const std::string& scope);

/// permissions.allow → permissions, allow.
std::vector<std::string> setting_path(const std::string& key);

/// Sets `key` in a settings file, or takes it out, and leaves every other byte as it is. `value` is JSON, or
/// else a text. Errors: kInvalidInput (no key; a value that the setting cannot have), kParse (the file is no
/// JSON); the file is not changed then.
Result<> set_setting(const os::Path& file, const std::string& key, const std::string& value);
Result<> unset_setting(const os::Path& file, const std::string& key);

/// A person's own settings are not to be committed by accident: puts them into the checkout's own exclude
/// file. Errors: kIo and the like.
Result<> hide_local_settings(const config::Locations& locations);

/// Writes down the permission updates (a JSON list) whose destination is a settings file: userSettings,
/// projectSettings or localSettings. Errors: kParse (a file is no JSON), kIo and the like; what came before
/// in the list is written then.
Result<> save_permission_updates(const config::Locations& locations, const std::string& updates_json);

/// What /config says in a session: sets each "key=value" of its words in the user settings; without words it
/// lists what is set there, with --help the short names. Errors: as above.
Result<std::string> configure(const config::Locations& locations, const std::string& words);

}  // namespace awl::cli
