#include "config/key_limits.h"

#include <array>
#include <nlohmann/json.hpp>

namespace awl::config {

namespace {

using enum KeyLimit;

// The one table. docs/permissions.md shows it.
constexpr std::array kLimitedKeys{
    // What runs by itself.
    LimitedKey{"apiKeyHelper", kTrusted},
    LimitedKey{"awsAuthRefresh", kTrusted},
    LimitedKey{"awsCredentialExport", kTrusted},
    LimitedKey{"fileSuggestion", kTrusted},
    LimitedKey{"otelHeadersHelper", kTrusted},
    LimitedKey{"processWrapper", kNotProject},
    LimitedKey{"statusLine", kTrusted},
    LimitedKey{"subagentStatusLine", kTrusted},
    // Who the session is, and where its requests go.
    LimitedKey{"awsSignHost", kNotProject},
    LimitedKey{"env", kTrusted},
    LimitedKey{"modelAwsProfile", kTrusted},
    LimitedKey{"modelOverrides", kTrusted},
    LimitedKey{"toolsAwsProfile", kTrusted},
    LimitedKey{"toolsAwsSessionPolicy", kTrusted},
    // What may run unasked.
    LimitedKey{"autoMode", kNotProject},
    LimitedKey{"permissions.additionalDirectories", kTrusted},
    LimitedKey{"permissions.allow", kTrusted},
    LimitedKey{"permissions.defaultMode", kTrusted},
    LimitedKey{"skipAutoPermissionPrompt", kNotProject},
    LimitedKey{"skipDangerousModePermissionPrompt", kNotShared},
    LimitedKey{"useAutoModeDuringPlan", kNotShared},
    LimitedKey{"sandbox.filesystem.disabled", kNotProject},
    LimitedKey{"sandbox.network.strictAllowlist", kNotProject},
    LimitedKey{"sandbox.network.tlsTerminate", kNotProject},
    // What guards the person has put up, and lists that add up over all files.
    LimitedKey{"allowedHttpHookUrls", kTrusted},
    LimitedKey{"allowedMcpServers", kTrusted},
    LimitedKey{"availableModels", kTrusted},
    LimitedKey{"disableAllHooks", kTrusted},
    LimitedKey{"enableAllProjectMcpServers", kTrusted},
    LimitedKey{"enabledMcpjsonServers", kTrusted},
    LimitedKey{"enforceAvailableModels", kTrusted},
    LimitedKey{"httpHookAllowedEnvVars", kTrusted},
    LimitedKey{"enabledPlugins", kTrusted},
    LimitedKey{"extraKnownMarketplaces", kTrusted},
    LimitedKey{"additionalMarketplaces", kTrusted},
    LimitedKey{"pluginConfigs", kNotProject},
    // What the person is asked.
    LimitedKey{"askUserQuestionTimeout", kNotProject},
    // What is deleted, and what is written outside the project.
    LimitedKey{"autoMemoryDirectory", kTrusted},
    LimitedKey{"cleanupPeriodDays", kTrusted},
    LimitedKey{"plansDirectory", kTrusted},
    // Of the organisation.
    LimitedKey{"allowManagedHooksOnly", kManaged},
    LimitedKey{"allowManagedMcpServersOnly", kManaged},
    LimitedKey{"allowManagedPermissionRulesOnly", kManaged},
    LimitedKey{"allowedMarketplaces", kManaged},
    LimitedKey{"blockedMarketplaces", kManaged},
    LimitedKey{"claudeMd", kManaged},
    LimitedKey{"disableSideloadFlags", kManaged},
    LimitedKey{"parentSettingsBehavior", kManaged},
    LimitedKey{"policyHelper", kManaged},
    LimitedKey{"requiredMaximumVersion", kManaged},
    LimitedKey{"requiredMinimumVersion", kManaged},
    LimitedKey{"strictKnownMarketplaces", kManaged},
    LimitedKey{"strictPluginOnlyCustomization", kManaged},
};

std::string_view sentence_for(KeyLimit limit) {
  switch (limit) {
    case kTrusted:
      return "is held back, because the folder is not trusted";
    case kNotShared:
      return "cannot be set by the settings that a project shares; set it in your own";
    case kNotProject:
      return "cannot be set by a project's settings; set it in your own";
    case kManaged:
      return "counts in the managed settings alone; it is ignored";
  }
  return "";
}

// The object that holds the last part of a dotted key; null when it is not there.
json::Value* find_holder(json::Value& root, std::string_view& key) {
  json::Value* holder = &root;
  for (size_t dot = key.find('.'); dot != std::string_view::npos; dot = key.find('.')) {
    if (!holder->is_object()) return nullptr;
    const auto next = holder->find(std::string(key.substr(0, dot)));
    if (next == holder->end()) return nullptr;
    holder = &*next;
    key.remove_prefix(dot + 1);
  }
  return holder->is_object() && holder->contains(std::string(key)) ? holder : nullptr;
}

}  // namespace

std::span<const LimitedKey> limited_keys() { return kLimitedKeys; }

bool may_set(KeyLimit limit, Scope scope, bool trusted) {
  const bool of_project = is_of_project(scope);
  switch (limit) {
    case kTrusted:
      return trusted || !of_project;
    case kNotShared:
      return !of_project || (scope == Scope::kLocal && trusted);
    case kNotProject:
      return !of_project;
    case kManaged:
      return scope == Scope::kManaged;
  }
  return false;
}

void remove_limited_keys(
    json::Value& root, Scope scope, bool trusted,
    const std::function<void(std::string_view key, std::string_view sentence)>& problem) {
  for (const LimitedKey& limited : kLimitedKeys) {
    if (may_set(limited.limit, scope, trusted)) continue;
    std::string_view key = limited.key;
    json::Value* holder = find_holder(root, key);
    if (holder == nullptr) continue;
    const json::Value& value = (*holder)[std::string(key)];
    // An empty `env` or list says nothing that could be held back.
    const bool says_something = !value.is_structured() || !value.empty();
    holder->erase(std::string(key));
    if (says_something) problem(limited.key, sentence_for(limited.limit));
  }
}

}  // namespace awl::config
