#include "cli/config_change.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "config/json_edit.h"
#include "config/settings.h"
#include "config/shared_file.h"

namespace awl::cli {

namespace {

struct ShortName {
  std::string_view name;
  std::string_view key;
};
constexpr std::array kShortNames{ShortName{"thinking", "alwaysThinkingEnabled"},
                                 ShortName{"effort", "effortLevel"},
                                 ShortName{"autocompact", "autoCompactEnabled"},
                                 ShortName{"memory", "autoMemoryEnabled"},
                                 ShortName{"style", "outputStyle"},
                                 ShortName{"mode", "permissions.defaultMode"}};

// The sentences that a settings text itself gives rise to.
std::vector<std::string> problems_of(const std::string& contents, const os::Path& file) {
  return config::merge_settings({{config::Scope::kUser, file.string(), file.parent_path(), contents}}, true)
      .problems;
}

// What is not JSON is a text.
std::string value_json(const std::string& text) { return json::parse(text) ? text : json::quote(text); }

Result<> change(
    const os::Path& file, const std::string& key,
    const std::function<Result<std::string>(std::string_view, const std::vector<std::string>&)>& edit) {
  const auto path = setting_path(key);
  if (std::ranges::any_of(path, [](const std::string& part) { return part.empty(); }))
    return fail(ErrorKind::kInvalidInput, fmt::format("\"{}\" is no key", key));
  return config::update_file(file, [&](std::string_view before) -> Result<std::string> {
    auto after = edit(before, path);
    if (!after) {
      return fail(after.error().kind, fmt::format("{}: {}", file.string(), after.error().message),
                  "The file was not changed.");
    }
    // What stands there already is not this command's to complain of.
    const auto known = problems_of(std::string(before), file);
    for (const std::string& problem : problems_of(*after, file)) {
      if (problem.contains("`" + key + "`") && std::ranges::find(known, problem) == known.end())
        return fail(ErrorKind::kInvalidInput, problem, "The file was not changed.");
    }
    return after;
  });
}

// The entries of an update as a settings file lists them.
std::vector<std::string> entries_of(const json::Value& update, bool is_about_rules) {
  std::vector<std::string> entries;
  const json::Value* list = json::find(update, is_about_rules ? "rules" : "directories");
  if (list == nullptr || !list->is_array()) return entries;
  for (const json::Value& entry : *list) {
    if (!is_about_rules) {
      if (entry.is_string()) entries.push_back(entry.get<std::string>());
      continue;
    }
    const std::string tool = json::string_or_empty(entry, "toolName");
    const std::string content = json::string_or_empty(entry, "ruleContent");
    if (!tool.empty()) entries.push_back(content.empty() ? tool : fmt::format("{}({})", tool, content));
  }
  return entries;
}

// One permission update, in a settings file.
Result<> change_permissions(const os::Path& file, const json::Value& update) {
  const std::string type = json::string_or_empty(update, "type");
  if (type == "setMode")
    return set_setting(file, "permissions.defaultMode", json::string_or_empty(update, "mode"));
  const bool is_about_rules = type.ends_with("Rules");
  if (!is_about_rules && !type.ends_with("Directories")) return {};
  const std::string behavior = json::string_or_empty(update, "behavior");
  const std::string key = !is_about_rules                           ? "additionalDirectories"
                          : behavior == "deny" || behavior == "ask" ? behavior
                                                                    : "allow";
  const std::vector<std::string> path{"permissions", key};
  return change(file, "permissions." + key, [&](std::string_view before, const auto&) -> Result<std::string> {
    const auto text = trim(before).empty() ? std::nullopt : config::find_json_text(before, path);
    const auto written = text ? json::parse(*text) : Result<json::Value>(json::Value::array());
    json::Value list = written && written->is_array() ? *written : json::Value::array();
    if (type.starts_with("replace")) list = json::Value::array();
    for (const std::string& entry : entries_of(update, is_about_rules)) {
      const auto found = std::ranges::find(list, json::Value(entry));
      if (type.starts_with("remove")) {
        if (found != list.end()) list.erase(found);
      } else if (found == list.end()) {
        list.push_back(entry);
      }
    }
    return config::set_json_text(before, path, json::dump(list));
  });
}

std::string key_of(std::string_view name) {
  const auto* found = std::ranges::find(kShortNames, name, &ShortName::name);
  return std::string(found == kShortNames.end() ? name : found->key);
}

std::string help() {
  std::string text =
      "/config key=value sets a setting of yours, by the key that settings files use, or by a short name:\n";
  for (const ShortName& short_name : kShortNames)
    text += fmt::format("  {:<12} {}\n", short_name.name, short_name.key);
  return text;
}

std::string list(const os::Path& file) {
  const auto text = os::read_file(file);
  const auto root = text ? json::parse(*text) : Result<json::Value>(json::Value::object());
  if (!root || !root->is_object()) return fmt::format("{} is no JSON object.", file.string());
  std::string listed;
  for (const auto& [key, value] : root->items()) listed += fmt::format("{} = {}\n", key, json::dump(value));
  return listed.empty() ? "Nothing is set. /config key=value sets something." : listed;
}

}  // namespace

Result<os::Path> settings_file(const config::Locations& locations, const std::string& scope) {
  if (scope.empty() || scope == "user") return locations.claude_dir / "settings.json";
  if (scope == "project") return locations.project_dir / ".claude" / "settings.json";
  if (scope == "local") return locations.local_settings.back();
  return fail(ErrorKind::kInvalidInput, fmt::format("--scope {}: it is user, project or local", scope));
}

std::vector<std::string> setting_path(const std::string& key) {
  std::vector<std::string> path;
  for (const std::string_view part : split(key, '.')) path.emplace_back(part);
  return path;
}

Result<> set_setting(const os::Path& file, const std::string& key, const std::string& value) {
  return change(file, key, [&value](std::string_view before, const std::vector<std::string>& path) {
    return config::set_json_text(before, path, value_json(value));
  });
}

Result<> unset_setting(const os::Path& file, const std::string& key) {
  return change(file, key, [](std::string_view before, const std::vector<std::string>& path) {
    return config::remove_json_text(before, path);
  });
}

Result<> hide_local_settings(const config::Locations& locations) {
  constexpr std::string_view kPattern = "**/.claude/settings.local.json";
  const os::Path git = config::find_repository(locations.project_dir) / ".git";
  if (!git.is_absolute() || !os::is_folder(git)) return {};
  return config::update_file(git / "info" / "exclude", [&](std::string_view before) -> Result<std::string> {
    const auto lines = split(before, '\n');
    std::string after(before);
    if (std::ranges::find(lines, kPattern) != lines.end()) return after;
    if (!after.empty() && !after.ends_with('\n')) after += '\n';
    return after + std::string(kPattern) + "\n";
  });
}

Result<std::string> configure(const config::Locations& locations, const std::string& words) {
  const os::Path file = locations.claude_dir / "settings.json";
  if (trim(words).empty()) return list(file);
  if (trim(words) == "--help") return help();
  std::string done;
  for (const std::string_view word : split(trim(words), ' ')) {
    if (word.empty()) continue;
    const size_t equals = word.find('=');
    if (equals == 0 || equals == std::string_view::npos)
      return fail(ErrorKind::kInvalidInput, fmt::format("\"{}\" is not of the form key=value", word),
                  "/config --help shows the short names.");
    const std::string key = key_of(word.substr(0, equals));
    const std::string value(word.substr(equals + 1));
    AWL_CHECK(set_setting(file, key, value));
    done += fmt::format("{} is {} from now on.\n", key, value);
  }
  return done;
}

Result<> save_permission_updates(const config::Locations& locations, const std::string& updates_json) {
  const auto updates = json::parse(updates_json);
  if (!updates || !updates->is_array()) return {};
  for (const json::Value& update : *updates) {
    const std::string destination = json::string_or_empty(update, "destination");
    // "localSettings" is the scope local; "session" and the like are no file.
    const std::string scope(destination.substr(0, destination.find("Settings")));
    if (scope == destination || scope.empty()) continue;
    AWL_TRY(const os::Path file, settings_file(locations, scope));
    AWL_CHECK(change_permissions(file, update));
    if (scope == "local") {
      AWL_CHECK(hide_local_settings(locations));
    }
  }
  return {};
}

}  // namespace awl::cli
