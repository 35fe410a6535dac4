#include "config/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/strings.h"

namespace awl::config {

namespace {

bool belongs_to_project(Scope scope) { return scope == Scope::kProject || scope == Scope::kLocal; }

/// Reads one source into the merged settings; remembers who may decide what.
class SourceReader {
 public:
  SourceReader(const SettingsSource& source, bool trusted, Settings& settings)
      : source_(source), held_back_(belongs_to_project(source.scope) && !trusted), settings_(settings) {}

  void read(const json::Value& root) {
    if (const auto model = text(root, "model")) settings_.model = *model;
    if (const json::Value* fallback = json::find(root, "fallbackModel")) read_fallback(*fallback);
    if (const auto effort = text(root, "effortLevel")) settings_.effort_level = *effort;
    if (const auto thinking = boolean(root, "alwaysThinkingEnabled"))
      settings_.always_thinking_enabled = *thinking;
    if (const auto ultracode = boolean(root, "ultracode")) settings_.ultracode = *ultracode;
    if (const auto switches = boolean(root, "switchModelsOnFlag"))
      settings_.switch_models_on_flag = *switches;
    if (!belongs_to_project(source_.scope)) {
      if (const auto host = text(root, "awsSignHost")) settings_.aws_sign_host = *host;
    }
    read_command(root, "awsAuthRefresh", settings_.aws_auth_refresh);
    read_command(root, "awsCredentialExport", settings_.aws_credential_export);
    read_command(root, "modelAwsProfile", settings_.model_aws_profile);
    read_command(root, "toolsAwsProfile", settings_.tools_aws_profile);
    if (const json::Value* policy = json::find(root, "toolsAwsSessionPolicy")) read_session_policy(*policy);
    read_texts(root, "claudeMdExcludes", settings_.claude_md_excludes);
    if (source_.scope == Scope::kManaged)
      settings_.claude_md = text(root, "claudeMd").value_or(settings_.claude_md);
    if (const auto compacts = boolean(root, "autoCompactEnabled")) settings_.auto_compact_enabled = *compacts;
    if (const auto notes = boolean(root, "autoMemoryEnabled")) settings_.auto_memory_enabled = *notes;
    read_hooks(root);
    read_mcp(root);
    if (const json::Value* worktree = json::find(root, "worktree");
        worktree != nullptr && worktree->is_object()) {
      if (const auto base = text(*worktree, "baseRef")) settings_.worktree_from_head = *base == "head";
    }
    if (const auto style = text(root, "outputStyle")) settings_.output_style = *style;
    if (const auto agent = text(root, "agent")) settings_.agent = *agent;
    if (boolean(root, "disableSkillShellExecution").value_or(false)) settings_.disable_skill_shell = true;
    if (const json::Value* overrides = json::find(root, "skillOverrides"); overrides != nullptr) {
      for (const auto& [skill, state] : overrides->items())
        settings_.skill_overrides[skill] = state.is_string() ? state.get<std::string>() : "on";
    }
    if (const json::Value* env = json::find(root, "env")) read_env(*env);
    if (const json::Value* permissions = json::find(root, "permissions")) read_permissions(*permissions);
  }

 private:
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

  // A command that runs by itself, an identity: not by the word of a folder that the person does not trust.
  void read_command(const json::Value& root, std::string_view key, std::optional<std::string>& command) {
    const auto value = text(root, key);
    if (!value) return;
    if (held_back_) return problem(key, "is held back, because the folder is not trusted");
    command = trim(*value).empty() ? std::nullopt : std::optional(*value);
  }

  // The policy itself, or its text.
  void read_session_policy(const json::Value& value) {
    constexpr std::string_view kKey = "toolsAwsSessionPolicy";
    if (held_back_) return problem(kKey, "is held back, because the folder is not trusted");
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
    if (source_.scope != Scope::kManaged) return;
    const auto names = [&root](std::string_view key) {
      std::vector<std::string> found;
      const json::Value* list = json::find(root, key);
      if (list == nullptr || !list->is_array()) return found;
      for (const json::Value& entry : *list) {
        if (const std::string name = json::string_or_empty(entry, "serverName"); !name.empty())
          found.push_back(name);
      }
      return found;
    };
    for (const std::string& name : names("deniedMcpServers")) settings_.denied_mcp_servers.push_back(name);
    if (json::find(root, "allowedMcpServers") != nullptr)
      settings_.allowed_mcp_servers = names("allowedMcpServers");
  }

  void read_hooks(const json::Value& root) {
    const bool managed = source_.scope == Scope::kManaged;
    if (const json::Value* hooks = json::find(root, "hooks"))
      settings_.hooks.push_back({source_.scope, source_.name, json::dump(*hooks)});
    if (const auto off = boolean(root, "disableAllHooks")) {
      if (managed) settings_.disable_managed_hooks = *off;
      if (!managed) settings_.disable_all_hooks = *off;
    }
    if (managed && boolean(root, "allowManagedHooksOnly").value_or(false))
      settings_.managed_hooks_only = true;
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
    if (held_back_ && !env.empty()) return problem("env", "is held back, because the folder is not trusted");
    for (const auto& [name, value] : env.items()) {
      if (!value.is_string() && !value.is_number() && !value.is_boolean()) {
        problem("env." + name, "must be a string; it is ignored");
      } else if (belongs_to_project(source_.scope) && is_reserved_variable(name)) {
        problem("env." + name, "cannot be set by a project's settings; set it in your own");
      } else {
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
        rules.push_back({rule.get<std::string>(), place_of(rule.get<std::string>()), source_.base});
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
    if (held_back_) {
      for (const std::string_view key : {"allow", "defaultMode", "additionalDirectories"}) {
        if (json::find(permissions, key) != nullptr) {
          problem(fmt::format("permissions.{}", key), "is held back, because the folder is not trusted");
        }
      }
      return;
    }
    read_rules(permissions, "allow", settings_.allow);
    if (const auto mode = text(permissions, "defaultMode")) settings_.default_mode = *mode;
    if (const json::Value* folders = json::find(permissions, "additionalDirectories");
        folders != nullptr && folders->is_array()) {
      for (const json::Value& folder : *folders) {
        if (folder.is_string()) settings_.additional_directories.push_back(folder.get<std::string>());
      }
    }
  }

  const SettingsSource& source_;
  bool held_back_;
  Settings& settings_;
};

}  // namespace

bool is_reserved_variable(std::string_view name) {
  static constexpr std::array<std::string_view, 10> kPrefixes{
      "ANTHROPIC_", "AWS_",  "CLAUDE_CODE_USE_",   "CLAUDE_CODE_SKIP_", "AWL_", "LD_", "DYLD_",
      "GIT_",       "OTEL_", "CLAUDE_CODE_CLIENT_"};
  static constexpr std::array<std::string_view, 20> kNames{"HTTP_PROXY",
                                                           "HTTPS_PROXY",
                                                           "ALL_PROXY",
                                                           "NO_PROXY",
                                                           "NODE_EXTRA_CA_CERTS",
                                                           "SSL_CERT_FILE",
                                                           "SSL_CERT_DIR",
                                                           "NODE_OPTIONS",
                                                           "PATH",
                                                           "HOME",
                                                           "BASH_ENV",
                                                           "ENV",
                                                           "PAGER",
                                                           "EDITOR",
                                                           "VISUAL",
                                                           "CLAUDE_CONFIG_DIR",
                                                           "CLAUDE_ENV_FILE",
                                                           "CLAUDE_CODE_SHELL",
                                                           "CLAUDE_CODE_SHELL_PREFIX",
                                                           "CLAUDE_CODE_CERT_STORE"};
  const auto is_prefix = [name](std::string_view prefix) { return name.starts_with(prefix); };
  const auto is_name = [name](std::string_view other) { return equals_ignore_case(name, other); };
  return std::any_of(kPrefixes.begin(), kPrefixes.end(), is_prefix) ||
         std::any_of(kNames.begin(), kNames.end(), is_name);
}

Settings merge_settings(const std::vector<SettingsSource>& sources, bool trusted) {
  Settings settings;
  const auto read = [&settings, trusted](const SettingsSource& source) {
    const auto root = json::parse(source.contents);
    if (!root || !root->is_object()) {
      settings.problems.push_back(
          fmt::format("{}: {}; the file is not used", source.name,
                      root ? "the settings must be a JSON object" : root.error().message));
      return;
    }
    settings.sources.push_back(source.name);
    SourceReader(source, trusted, settings).read(*root);
  };
  for (const Scope scope : {Scope::kUser, Scope::kProject, Scope::kLocal, Scope::kFlag, Scope::kManaged}) {
    for (const SettingsSource& source : sources) {
      if (source.scope == scope) read(source);
    }
  }
  return settings;
}

Environment apply_env(const Environment& shell, const Settings& settings) {
  Environment merged = shell;
  for (const auto& [name, value] : settings.env) merged.set(name, value);
  return merged;
}

}  // namespace awl::config
