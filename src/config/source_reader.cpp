#include "config/source_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "config/key_limits.h"

namespace awl::config {

namespace {

/// Reads one source into the merged settings; remembers who may decide what.
class SourceReader {
 public:
  SourceReader(const SettingsSource& source, Settings& settings) : source_(source), settings_(settings) {}

  void read(json::Value root, bool trusted) {
    remove_limited_keys(root, source_.scope, trusted,
                        [this](std::string_view key, std::string_view sentence) { problem(key, sentence); });
    if (const auto model = text(root, "model")) settings_.model = *model;
    if (const json::Value* fallback = json::find(root, "fallbackModel")) read_fallback(*fallback);
    if (const auto effort = text(root, "effortLevel")) settings_.effort_level = *effort;
    if (const auto thinking = boolean(root, "alwaysThinkingEnabled"))
      settings_.always_thinking_enabled = *thinking;
    if (const auto ultracode = boolean(root, "ultracode")) settings_.ultracode = *ultracode;
    if (const auto switches = boolean(root, "switchModelsOnFlag"))
      settings_.switch_models_on_flag = *switches;
    if (const auto host = text(root, "awsSignHost")) settings_.aws_sign_host = *host;
    read_command(root, "awsAuthRefresh", settings_.aws_auth_refresh);
    read_command(root, "awsCredentialExport", settings_.aws_credential_export);
    read_command(root, "modelAwsProfile", settings_.model_aws_profile);
    read_command(root, "toolsAwsProfile", settings_.tools_aws_profile);
    if (const json::Value* policy = json::find(root, "toolsAwsSessionPolicy")) read_session_policy(*policy);
    read_texts(root, "claudeMdExcludes", settings_.claude_md_excludes);
    settings_.claude_md = text(root, "claudeMd").value_or(settings_.claude_md);
    read_policy(root);
    read_auto_mode(root);
    if (const auto compacts = boolean(root, "autoCompactEnabled")) settings_.auto_compact_enabled = *compacts;
    if (const auto keeps = boolean(root, "fileCheckpointingEnabled")) settings_.file_checkpointing = *keeps;
    if (const json::Value* window = json::find(root, "autoCompactWindow"); window != nullptr) {
      if (window->is_number_integer() && window->get<int64_t>() > 0)
        settings_.auto_compact_window = window->get<int64_t>();
      else
        problem("autoCompactWindow", "must be a number of tokens; it is ignored");
    }
    if (const auto notes = boolean(root, "autoMemoryEnabled")) settings_.auto_memory_enabled = *notes;
    if (const auto limit = text(root, "askUserQuestionTimeout")) {
      const std::string_view written = *limit;
      if (written == "60s" || written == "5m" || written == "10m")
        settings_.question_timeout = std::chrono::seconds(written == "60s"  ? 60
                                                          : written == "5m" ? 300
                                                                            : 600);
      else
        problem("askUserQuestionTimeout", "must be 60s, 5m or 10m; questions stay open");
    }
    if (const auto folder = text(root, "plansDirectory")) settings_.plans_directory = *folder;
    if (const auto folder = text(root, "autoMemoryDirectory")) {
      if (folder->starts_with('/') || folder->starts_with("~/"))
        settings_.auto_memory_directory = *folder;
      else
        problem("autoMemoryDirectory", "must be an absolute path or begin with ~/; it is ignored");
    }
    read_hooks(root);
    read_mcp(root);
    if (const json::Value* worktree = json::find(root, "worktree");
        worktree != nullptr && worktree->is_object()) {
      if (const auto base = text(*worktree, "baseRef")) settings_.worktree_from_head = *base == "head";
      for (auto& path : json::strings_of(*worktree, "sparsePaths"))
        settings_.worktree_sparse_paths.push_back(std::move(path));
      for (auto& path : json::strings_of(*worktree, "symlinkDirectories"))
        settings_.worktree_symlinks.push_back(std::move(path));
    }
    if (const auto helper = text(root, "otelHeadersHelper")) settings_.otel_headers_helper = *helper;
    if (const auto style = text(root, "outputStyle")) settings_.output_style = *style;
    if (const auto agent = text(root, "agent")) settings_.agent = *agent;
    if (boolean(root, "disableSkillShellExecution").value_or(false)) settings_.disable_skill_shell = true;
    if (const json::Value* overrides = json::find(root, "skillOverrides"); overrides != nullptr) {
      for (const auto& [skill, state] : overrides->items())
        settings_.skill_overrides[skill] = state.is_string() ? state.get<std::string>() : "on";
    }
    read_marketplaces(root);
    if (const json::Value* env = json::find(root, "env")) read_env(*env);
    if (const json::Value* permissions = json::find(root, "permissions")) read_permissions(*permissions);
  }

 private:
  // Which plugins are on, where they come from, and which of that the organisation allows.
  void read_marketplaces(const json::Value& root) {
    if (const json::Value* plugins = json::find(root, "enabledPlugins");
        plugins != nullptr && plugins->is_object()) {
      for (const auto& [id, on] : plugins->items()) {
        if (on.is_boolean()) settings_.enabled_plugins[id] = on.get<bool>();
      }
    }
    for (const std::string_view key : {"additionalMarketplaces", "extraKnownMarketplaces"}) {
      const json::Value* markets = json::find(root, key);
      if (markets == nullptr || !markets->is_object()) continue;
      for (const auto& [name, written] : markets->items()) {
        if (const json::Value* source = json::find(written, "source"))
          settings_.extra_marketplaces[name] = {json::dump(*source), source_.base};
      }
    }
    for (const std::string_view key : {"allowedMarketplaces", "strictKnownMarketplaces"}) {
      if (const json::Value* list = json::find(root, key)) settings_.allowed_marketplaces = json::dump(*list);
    }
    if (const json::Value* list = json::find(root, "blockedMarketplaces"))
      settings_.blocked_marketplaces = json::dump(*list);
  }

  void problem(std::string_view key, std::string_view sentence) {
    const size_t dot = key.rfind('.');
    settings_.problems.push_back(fmt::format(
        "{}: `{}` {}", place_of(dot == std::string_view::npos ? key : key.substr(dot + 1)), key, sentence));
  }

  // The file, with the line where this key or text is written first, when it is written as it stands.
  std::string place_of(std::string_view text) const {
    const std::string& contents = source_.contents;
    const size_t at = contents.find(json::quote(text));
    if (at == std::string::npos || !contents.contains('\n')) return source_.name;
    const auto end = contents.begin() + static_cast<std::ptrdiff_t>(at);
    return fmt::format("{}:{}", source_.name, 1 + std::count(contents.begin(), end, '\n'));
  }

  std::optional<std::string> text(const json::Value& object, std::string_view key) {
    const json::Value* value = json::find(object, key);
    if (value == nullptr) return std::nullopt;
    if (value->is_string()) return value->get<std::string>();
    problem(key, "must be a string; it is ignored");
    return std::nullopt;
  }

  std::optional<bool> boolean(const json::Value& object, std::string_view key) {
    const json::Value* value = json::find(object, key);
    if (value == nullptr) return std::nullopt;
    if (value->is_boolean()) return value->get<bool>();
    problem(key, "must be true or false; it is ignored");
    return std::nullopt;
  }

  // A lock that the organisation wrote wrongly holds until it is put right.
  bool locks(const json::Value& root, std::string_view key) {
    const json::Value* value = json::find(root, key);
    if (value == nullptr || value->is_boolean()) return value != nullptr && value->get<bool>();
    problem(key, "must be true or false; it counts as true");
    return true;
  }

  // Blank text takes away what a file of lower precedence set.
  void read_command(const json::Value& root, std::string_view key, std::optional<std::string>& command) {
    const auto value = text(root, key);
    if (!value) return;
    command = trim(*value).empty() ? std::nullopt : std::optional(*value);
  }

  // The policy itself, or its text.
  void read_session_policy(const json::Value& value) {
    constexpr std::string_view kKey = "toolsAwsSessionPolicy";
    const auto parsed =
        value.is_string() ? json::parse(value.get<std::string>()) : Result<json::Value>(value);
    if (!parsed || !parsed->is_object())
      return problem(kKey, "must be an IAM policy as a JSON object; it is ignored");
    settings_.tools_aws_session_policy = json::dump(*parsed);
  }

  void read_fallback(const json::Value& value) {
    std::vector<std::string> models;
    for (const json::Value& item : value.is_array() ? value : json::Value::array({value})) {
      if (!item.is_string())
        return problem("fallbackModel", "must be a model or a list of models; it is ignored");
      models.push_back(item.get<std::string>());
    }
    settings_.fallback_models = std::move(models);
  }

  void read_texts(const json::Value& root, std::string_view key, std::vector<std::string>& texts) {
    const json::Value* list = json::find(root, key);
    if (list == nullptr) return;
    if (!list->is_array()) return problem(key, "must be a list of strings; it is ignored");
    for (const json::Value& item : *list) {
      if (item.is_string()) texts.push_back(item.get<std::string>());
    }
  }

  void read_mcp(const json::Value& root) {
    read_texts(root, "disabledMcpjsonServers", settings_.disabled_mcpjson_servers);
    read_server_patterns(root, "deniedMcpServers", settings_.denied_mcp_servers);
    if (json::find(root, "allowedMcpServers") == nullptr) return;
    if (settings_.managed_mcp_servers_only && source_.scope != Scope::kManaged) return;
    if (!settings_.allowed_mcp_servers) settings_.allowed_mcp_servers.emplace();
    read_server_patterns(root, "allowedMcpServers", *settings_.allowed_mcp_servers);
  }

  void read_server_patterns(const json::Value& root, std::string_view key,
                            std::vector<McpServerPattern>& patterns) {
    const json::Value* list = json::find(root, key);
    if (list == nullptr) return;
    if (!list->is_array()) return problem(key, "must be a list of objects; it is ignored");
    for (const json::Value& entry : *list) {
      McpServerPattern pattern{json::string_or_empty(entry, "serverName"),
                               json::strings_of(entry, "serverCommand"),
                               json::string_or_empty(entry, "serverUrl")};
      if (pattern.name.empty() && pattern.command.empty() && pattern.url.empty())
        problem(key, "holds an entry without serverName, serverCommand or serverUrl; the entry is ignored");
      else
        patterns.push_back(std::move(pattern));
    }
  }

  // What an organisation decides for everybody, and what a person decides of it for themselves.
  void read_policy(const json::Value& root) {
    if (boolean(root, "allowManagedPermissionRulesOnly").value_or(false)) settings_.managed_rules_only = true;
    if (locks(root, "disableSideloadFlags")) settings_.no_sideload_flags = true;
    if (const json::Value* kinds = json::find(root, "strictPluginOnlyCustomization"))
      read_plugin_only(*kinds);
    if (const auto version = text(root, "requiredMinimumVersion")) settings_.minimum_version = *version;
    if (const auto version = text(root, "requiredMaximumVersion")) settings_.maximum_version = *version;
    if (json::find(root, "availableModels") != nullptr) {
      // That of the managed settings, which come last, stands alone.
      const bool managed = source_.scope == Scope::kManaged;
      if (!settings_.available_models || (managed && !settings_.available_models_are_managed))
        settings_.available_models.emplace();
      settings_.available_models_are_managed = managed;
      read_texts(root, "availableModels", *settings_.available_models);
    }
    if (json::find(root, "enforceAvailableModels") != nullptr) {
      const bool managed = source_.scope == Scope::kManaged;
      settings_.enforce_available_models =
          managed ? locks(root, "enforceAvailableModels")
                  : boolean(root, "enforceAvailableModels").value_or(settings_.enforce_available_models);
    }
    if (const json::Value* overrides = json::find(root, "modelOverrides")) {
      for (const auto& [model, id] : overrides->items())
        if (id.is_string()) settings_.model_overrides[model] = id.get<std::string>();
    }
    if (const json::Value* days = json::find(root, "cleanupPeriodDays")) {
      if (days->is_number_integer() && days->get<int64_t>() >= 1) {
        settings_.cleanup_period_days = static_cast<int>(std::min<int64_t>(days->get<int64_t>(), 1'000'000));
      } else {
        problem("cleanupPeriodDays", "must be a whole number of days, at least 1; nothing is cleaned up");
        settings_.cleanup_is_unsure = true;
      }
    }
  }

  // Kinds that this version does not know are for a later one.
  void read_plugin_only(const json::Value& kinds) {
    const bool known_form = kinds.is_array() || kinds.is_boolean();
    if (!known_form) problem("strictPluginOnlyCustomization", "must be true or a list; it counts as true");
    const auto locked = [&](const char* kind) {
      return kinds.is_array() ? std::ranges::find(kinds, json::Value(kind)) != kinds.end()
                              : !known_form || kinds.get<bool>();
    };
    PluginOnly& only = settings_.plugin_only;
    only.skills = only.skills || locked("skills");
    only.agents = only.agents || locked("agents");
    only.hooks = only.hooks || locked("hooks");
    only.mcp = only.mcp || locked("mcp");
  }

  void read_auto_mode(const json::Value& root) {
    if (boolean(root, "useAutoModeDuringPlan") == false) settings_.no_auto_mode_during_plan = true;
    if (text(root, "disableAutoMode") == "disable") settings_.disable_auto_mode = true;
    const json::Value* written = json::find(root, "autoMode");
    if (written == nullptr) return;
    if (!written->is_object()) return problem("autoMode", "must be an object; it is ignored");
    AutoModeTexts& texts = settings_.auto_mode;
    const auto add = [&](const char* key, std::optional<std::vector<std::string>>& list) {
      if (json::find(*written, key) == nullptr) return;
      if (!list) list.emplace();
      read_texts(*written, key, *list);
    };
    add("environment", texts.environment);
    add("allow", texts.allow);
    add("soft_deny", texts.soft_deny);
    add("hard_deny", texts.hard_deny);
    if (boolean(*written, "classifyAllShell").value_or(false)) texts.classify_all_shell = true;
  }

  void read_hooks(const json::Value& root) {
    const bool managed = source_.scope == Scope::kManaged;
    if (const json::Value* hooks = json::find(root, "hooks"))
      settings_.hooks.push_back({source_.scope, source_.name, json::dump(*hooks)});
    if (const auto off = boolean(root, "disableAllHooks")) {
      if (managed) settings_.disable_managed_hooks = *off;
      if (!managed) settings_.disable_all_hooks = *off;
    }
    if (locks(root, "allowManagedHooksOnly")) settings_.managed_hooks_only = true;
    read_allow_list(root, "allowedHttpHookUrls", settings_.allowed_http_hook_urls);
    read_allow_list(root, "httpHookAllowedEnvVars", settings_.http_hook_allowed_variables);
  }

  // One that nobody wrote allows everything; the lists of all sources add up.
  void read_allow_list(const json::Value& root, std::string_view key,
                       std::optional<std::vector<std::string>>& allowed) {
    std::vector<std::string> texts = allowed.value_or(std::vector<std::string>());
    read_texts(root, key, texts);
    if (json::find(root, key) != nullptr) allowed = std::move(texts);
  }

  void read_env(const json::Value& env) {
    if (!env.is_object()) return problem("env", "must be an object of strings; it is ignored");
    for (const auto& [name, value] : env.items()) {
      if (!value.is_string() && !value.is_number() && !value.is_boolean()) {
        problem("env." + name, "must be a string; it is ignored");
      } else if (is_of_project(source_.scope) && is_reserved_variable(name)) {
        problem("env." + name, "cannot be set by a project's settings; set it in your own");
      } else {
        if (source_.scope == Scope::kManaged) settings_.managed_env.insert(name);
        settings_.env[name] = value.is_string() ? value.get<std::string>() : json::dump(value);
      }
    }
  }

  void read_rules(const json::Value& permissions, std::string_view key, std::vector<RuleText>& rules) {
    const json::Value* list = json::find(permissions, key);
    if (list == nullptr) return;
    if (!list->is_array())
      return problem(fmt::format("permissions.{}", key), "must be a list of strings; it is ignored");
    for (const json::Value& rule : *list) {
      if (rule.is_string()) {
        rules.push_back(
            {rule.get<std::string>(), place_of(rule.get<std::string>()), source_.base, source_.scope});
      } else {
        problem(fmt::format("permissions.{}", key), "holds an entry that is no string; the entry is ignored");
      }
    }
  }

  void read_permissions(const json::Value& permissions) {
    if (!permissions.is_object()) return problem("permissions", "must be an object; it is ignored");
    read_rules(permissions, "deny", settings_.deny);
    read_rules(permissions, "ask", settings_.ask);
    if (text(permissions, "disableBypassPermissionsMode") == "disable") settings_.disable_bypass_mode = true;
    if (text(permissions, "disableAutoMode") == "disable") settings_.disable_auto_mode = true;
    read_rules(permissions, "allow", settings_.allow);
    if (const auto mode = text(permissions, "defaultMode")) {
      if (*mode == "auto" && is_of_project(source_.scope)) {
        problem("permissions.defaultMode", "cannot be auto in a project's settings; set it in your own");
        settings_.default_mode.reset();
      } else {
        settings_.default_mode = *mode;
      }
    }
    if (const json::Value* folders = json::find(permissions, "additionalDirectories");
        folders != nullptr && folders->is_array()) {
      for (const json::Value& folder : *folders) {
        if (folder.is_string()) settings_.additional_directories.push_back(folder.get<std::string>());
      }
    }
  }

  const SettingsSource& source_;
  Settings& settings_;
};

}  // namespace

void read_source(const SettingsSource& source, json::Value root, bool trusted, Settings& settings) {
  SourceReader(source, settings).read(std::move(root), trusted);
}

}  // namespace awl::config
