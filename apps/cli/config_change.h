// Settings that are changed by a command.
#pragma once

#include <string>
#include <vector>

#include "config/locations.h"

namespace awl::cli {

/// permissions.allow → permissions, allow.
std::vector<std::string> setting_path(const std::string& key);

/// Sets `key` in a settings file, or takes it out, and leaves every other byte as it is. `value` is JSON, or
/// else a text. Errors: kInvalidInput (no key; a value that the setting cannot have), kParse (the file is no
/// JSON); the file is not changed then.
Result<> set_setting(const os::Path& file, const std::string& key, const std::string& value);
Result<> unset_setting(const os::Path& file, const std::string& key);

/// What /config says in a session: sets each "key=value" of its words in the user settings; without words it
/// lists what is set there, with --help the short names. Errors: as above.
Result<std::string> configure(const config::Locations& locations, const std::string& words);

}  // namespace awl::cli
