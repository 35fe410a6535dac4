#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "cli/commands.h"
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

// permissions.allow → permissions, allow.
std::vector<std::string> path_of(const std::string& key) {
  std::vector<std::string> path;
  for (const std::string_view part : split(key, '.')) path.emplace_back(part);
  return path;
}

Result<os::Path> file_of(const std::string& scope, const config::Locations& locations) {
  if (scope.empty() || scope == "user") return locations.claude_dir / "settings.json";
  if (scope == "project") return locations.project_dir / ".claude" / "settings.json";
  if (scope == "local") return locations.local_settings.back();
  return fail(ErrorKind::kInvalidInput, fmt::format("--scope {}: it is user, project or local", scope));
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
  const auto path = path_of(key);
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

// The sentences that a settings text itself gives rise to.
std::vector<std::string> problems_of(const std::string& contents, const os::Path& file) {
  return config::merge_settings({{config::Scope::kUser, file.string(), file.parent_path(), contents}}, true)
      .problems;
}

// What is not JSON is a text.
std::string value_json(const std::string& text) { return json::parse(text) ? text : json::quote(text); }

Result<> change(const Arguments& arguments, const os::Path& file) {
  const auto path = path_of(arguments.words[0]);
  if (std::ranges::any_of(path, [](const std::string& part) { return part.empty(); }))
    return fail(ErrorKind::kInvalidInput, fmt::format("\"{}\" is no key", arguments.words[0]));
  return config::update_file(file, [&](std::string_view before) -> Result<std::string> {
    auto after = arguments.command == Command::kConfigUnset
                     ? config::remove_json_text(before, path)
                     : config::set_json_text(before, path, value_json(arguments.words[1]));
    if (!after) {
      return fail(after.error().kind, fmt::format("{}: {}", file.string(), after.error().message),
                  "The file was not changed.");
    }
    // What stands there already is not this command's to complain of.
    const auto known = problems_of(std::string(before), file);
    for (const std::string& problem : problems_of(*after, file)) {
      if (problem.contains("`" + arguments.words[0] + "`") &&
          std::ranges::find(known, problem) == known.end())
        return fail(ErrorKind::kInvalidInput, problem, "The file was not changed.");
    }
    return after;
  });
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
  const auto file = file_of(arguments.scope, *locations);
  if (!file) return fail_config(file.error());
  if (arguments.command == Command::kConfigUnset && !os::path_exists(*file)) return 0;
  if (const auto changed = change(arguments, *file); !changed) return fail_config(changed.error());
  return 0;
}

}  // namespace awl::cli
