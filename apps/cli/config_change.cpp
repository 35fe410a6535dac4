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

}  // namespace awl::cli
