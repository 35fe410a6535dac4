#include "config/managed_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace awl::config {

namespace {

constexpr std::string_view kRestrictiveKeys[] = {"allowManagedHooksOnly",
                                                 "allowManagedMcpServersOnly",
                                                 "allowManagedPermissionRulesOnly",
                                                 "allowedMcpServers",
                                                 "availableModels",
                                                 "blockedMarketplaces",
                                                 "deniedMcpServers",
                                                 "disableAutoMode",
                                                 "disableSideloadFlags",
                                                 "disableSkillShellExecution",
                                                 "enforceAvailableModels",
                                                 "permissions",
                                                 "requiredMaximumVersion",
                                                 "requiredMinimumVersion",
                                                 "strictKnownMarketplaces",
                                                 "strictPluginOnlyCustomization"};
// Of `permissions`. Who drives the session allows things by flags and answers.
constexpr std::string_view kRestrictivePermissions[] = {"ask", "deny", "disableAutoMode",
                                                        "disableBypassPermissionsMode"};
// Of two lists both would count; that of the organisation is to stand alone.
constexpr std::string_view kListsOfOne[] = {"allowedMcpServers", "availableModels"};

bool is_managed(const SettingsSource& source) { return source.scope == Scope::kManaged; }

// The value of a key of the managed files, the last one; null JSON when none has it.
json::Value find_managed(const std::vector<SettingsSource>& sources, std::string_view key) {
  json::Value found;
  for (const SettingsSource& source : sources) {
    if (!is_managed(source)) continue;
    const auto root = json::parse(source.contents);
    if (const json::Value* value = root ? json::find(*root, key) : nullptr) found = *value;
  }
  return found;
}

std::unexpected<Error> bad_helper(std::string_view what) {
  return fail(ErrorKind::kInvalidInput, fmt::format("policyHelper of the managed settings: {}", what),
              "No session starts until it is put right, or taken out.");
}

// Removes from `object` what `keys` does not list; each gets a sentence.
void keep_only(json::Value& object, std::span<const std::string_view> keys, std::string_view prefix,
               std::vector<std::string>& sentences) {
  std::vector<std::string> others;
  for (const auto& [key, value] : object.items()) {
    if (std::ranges::find(keys, key) == keys.end()) others.push_back(key);
  }
  for (const std::string& key : others) {
    object.erase(key);
    sentences.push_back(
        fmt::format("--managed-settings: `{}{}` does not restrict; it is ignored", prefix, key));
  }
}

}  // namespace

Result<std::optional<PolicyHelper>> find_policy_helper(const std::vector<SettingsSource>& sources) {
  constexpr int64_t kLeastMs = 1'000;
  constexpr int64_t kLeastRefreshMs = 60'000;
  constexpr int64_t kMostMs = 600'000;
  const json::Value written = find_managed(sources, "policyHelper");
  if (written.is_null()) return std::nullopt;
  PolicyHelper helper;
  helper.path = json::string_or_empty(written, "path");
  if (!helper.path.is_absolute() || helper.path != helper.path.lexically_normal())
    return bad_helper("`path` must be an absolute path without . and ..");
  if (const json::Value* limit = json::find(written, "timeoutMs")) {
    if (!limit->is_number_integer() || limit->get<int64_t>() < kLeastMs)
      return bad_helper("`timeoutMs` must be a whole number of milliseconds, at least 1000");
    helper.timeout = std::chrono::milliseconds(std::min(limit->get<int64_t>(), kMostMs));
  }
  if (const json::Value* interval = json::find(written, "refreshIntervalMs")) {
    const bool fits = interval->is_number_integer() &&
                      (interval->get<int64_t>() == 0 || interval->get<int64_t>() >= kLeastRefreshMs);
    if (!fits)
      return bad_helper("`refreshIntervalMs` must be 0 or a whole number of milliseconds, at least 60000");
    helper.refresh = std::chrono::milliseconds(interval->get<int64_t>());
  }
  return helper;
}

Result<> apply_policy_output(std::string_view output, const std::string& helper,
                             std::vector<SettingsSource>& sources) {
  const auto root = json::parse(output);
  if (!root || !root->is_object()) {
    return fail(ErrorKind::kParse, fmt::format("{} printed no JSON object{}{}", helper, root ? "" : ": ",
                                               root ? "" : root.error().message));
  }
  const json::Value* settings = json::find(*root, "managedSettings");
  if (settings == nullptr) return {};
  if (!settings->is_object())
    return fail(ErrorKind::kParse, fmt::format("{}: `managedSettings` must be an object", helper));
  std::erase_if(sources, is_managed);
  sources.push_back({Scope::kManaged, helper, "/", json::dump(*settings)});
  return {};
}

Result<std::vector<std::string>> add_parent_settings(const std::string& text,
                                                     std::vector<SettingsSource>& sources) {
  auto root = json::parse(text);
  if (!root || !root->is_object()) {
    return fail(ErrorKind::kInvalidInput,
                fmt::format("--managed-settings: {}",
                            root ? "the settings must be a JSON object" : root.error().message));
  }
  std::vector<std::string> sentences;
  const auto first = std::ranges::find_if(sources, is_managed);
  if (first != sources.end() && find_managed(sources, "parentSettingsBehavior") != "merge") {
    sentences.emplace_back(
        "--managed-settings is ignored: this machine has managed settings, and they do not set "
        "`parentSettingsBehavior` to \"merge\"");
    return sentences;
  }
  keep_only(*root, kRestrictiveKeys, "", sentences);
  if (const auto permissions = root->find("permissions"); permissions != root->end()) {
    if (permissions->is_object())
      keep_only(*permissions, kRestrictivePermissions, "permissions.", sentences);
    else
      root->erase(permissions);
  }
  for (const std::string_view key : kListsOfOne) {
    if (!find_managed(sources, key).is_null()) root->erase(std::string(key));
  }
  sources.insert(std::ranges::find_if(sources, is_managed),
                 {Scope::kManaged, "--managed-settings", "/", json::dump(*root)});
  return sentences;
}

}  // namespace awl::config
