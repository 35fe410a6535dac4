#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "cli/commands.h"
#include "cli/config_change.h"
#include "cli/messages.h"
#include "config/json_edit.h"
#include "config/settings.h"
#include "config/shared_file.h"

namespace awl::cli {

namespace {

int fail_config(const Error& error) {
  tell("Error: " + describe(error));
  return 1;
}

std::vector<config::SettingsSource> read_sources(const config::Locations& locations) {
  std::vector<std::string> problems;
  auto sources = config::read_settings_files(
      locations, {config::Scope::kUser, config::Scope::kProject, config::Scope::kLocal}, problems);
  for (const std::string& problem : problems) tell("Warning: " + problem);
  return sources;
}

// Every value with where it stands, lowest precedence first; lists and objects add up when they are used.
int list(const std::vector<config::SettingsSource>& sources, bool as_json) {
  json::Value all = json::Value::object();
  std::string text;
  for (const config::SettingsSource& source : sources) {
    const auto root = json::parse(source.contents);
    if (!root || !root->is_object()) {
      if (!trim(source.contents).empty()) tell(fmt::format("Warning: {} is no JSON object", source.name));
      continue;
    }
    all[source.name] = *root;
    text += fmt::format("{} ({})\n", source.name, config::to_string(source.scope));
    for (const auto& [key, value] : root->items()) text += fmt::format("  {} = {}\n", key, json::dump(value));
  }
  if (as_json) return print_text(json::dump_pretty(all));
  if (text.empty()) tell("No settings file is in force. `awl config set KEY VALUE` makes one.");
  return print_text(text);
}

int get(const std::vector<config::SettingsSource>& sources, const std::string& key, bool as_json) {
  const auto path = setting_path(key);
  for (auto source = sources.rbegin(); source != sources.rend(); ++source) {
    if (!json::parse(source->contents)) continue;
    const auto found = config::find_json_text(source->contents, path);
    if (!found) continue;
    const auto value = json::parse(*found);
    if (!value) continue;
    if (as_json) return print_text(json::dump_pretty({{"value", *value}, {"file", source->name}}));
    return print_text((value->is_string() ? value->get<std::string>() : std::string(*found)) + "\n");
  }
  tell(fmt::format("{} is not set.", key));
  return 1;
}

}  // namespace

int run_config(const Arguments& arguments, const Environment& shell, const os::Path& cwd) {
  const auto locations = config::find_locations(shell, cwd);
  if (!locations) return fail_config(locations.error());
  const size_t wanted = arguments.command == Command::kConfigSet    ? 2
                        : arguments.command == Command::kConfigList ? 0
                                                                    : 1;
  if (arguments.words.size() != wanted) {
    return fail_config(Error{.kind = ErrorKind::kInvalidInput,
                             .message = wanted == 0   ? "awl config list takes no words"
                                        : wanted == 1 ? "it takes one key, such as model or permissions.allow"
                                                      : "awl config set takes a key and a value",
                             .hint = "Quote a value that holds spaces."});
  }
  if (arguments.command == Command::kConfigList) return list(read_sources(*locations), arguments.as_json);
  if (arguments.command == Command::kConfigGet)
    return get(read_sources(*locations), arguments.words[0], arguments.as_json);
  const auto file = settings_file(*locations, arguments.scope);
  if (!file) return fail_config(file.error());
  if (arguments.command == Command::kConfigUnset && !os::path_exists(*file)) return 0;
  const std::string& key = arguments.words[0];
  const auto changed = arguments.command == Command::kConfigUnset
                           ? unset_setting(*file, key)
                           : set_setting(*file, key, arguments.words[1]);
  if (!changed) return fail_config(changed.error());
  if (arguments.scope != "local") return 0;
  if (const auto hidden = hide_local_settings(*locations); !hidden)
    tell(fmt::format("Warning: Git may show {} as new: {}", file->string(), describe(hidden.error())));
  return 0;
}

}  // namespace awl::cli
