// Settings, merged from every file in force. Source: product documentation, pages "settings" and
// "settings-reference".
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "config/locations.h"
#include "json/json.h"

namespace awl::config {

/// Lowest precedence first.
enum class Scope { kUser, kProject, kLocal, kFlag, kManaged };
std::string_view to_string(Scope scope);
/// What travels with a checkout, or lies in it.
constexpr bool is_of_project(Scope scope) { return scope == Scope::kProject || scope == Scope::kLocal; }

/// One settings file, or the text of --settings.
struct SettingsSource {
  Scope scope = Scope::kUser;
  std::string name;      ///< for people: a path, or "--settings"
  os::Path base;         ///< the folder that relative path rules are below
  std::string contents;  ///< JSON text
};

/// A permission rule as written, with where.
struct RuleText {
  std::string text;
  std::string source;
  os::Path base;
  Scope scope = Scope::kUser;
};

/// An entry of allowedMcpServers or deniedMcpServers: one of the three.
struct McpServerPattern {
  std::string name;
  std::vector<std::string> command;  ///< with its arguments, exactly
  std::string url;                   ///< `*` stands for any text
};

/// `autoMode`: rules in words, of all files that may set them. Not set: the built-in ones.
struct AutoModeTexts {
  std::optional<std::vector<std::string>> environment;
  std::optional<std::vector<std::string>> allow;
  std::optional<std::vector<std::string>> soft_deny;
  std::optional<std::vector<std::string>> hard_deny;
  bool classify_all_shell = false;
};

/// A `hooks` object as written, with where.
struct HooksText {
  Scope scope = Scope::kUser;
  std::string source;
  std::string json;
};

/// Every value that this version acts on. Unknown keys are left alone.
/// strictPluginOnlyCustomization: what may come from plugins and the organisation alone.
struct PluginOnly {
  bool skills = false;
  bool agents = false;
  bool hooks = false;
  bool mcp = false;
};

struct Settings {
  std::map<std::string, std::string> env;
  std::set<std::string> managed_env;               ///< the names of those that the organisation set
  std::optional<std::string> otel_headers_helper;  ///< a shell command
  std::optional<std::string> model;
  std::optional<std::vector<std::string>> fallback_models;
  std::optional<std::vector<std::string>> available_models;
  bool available_models_are_managed = false;
  bool enforce_available_models = false;
  std::map<std::string, std::string> model_overrides;
  std::optional<std::string> effort_level;
  std::optional<bool> always_thinking_enabled;
  std::optional<bool> ultracode;
  std::optional<bool> switch_models_on_flag;
  std::vector<RuleText> allow;
  std::vector<RuleText> ask;
  std::vector<RuleText> deny;
  std::optional<std::string> default_mode;
  bool disable_bypass_mode = false;
  bool disable_auto_mode = false;
  bool no_auto_mode_during_plan = false;  ///< useAutoModeDuringPlan is false in one of the sources
  AutoModeTexts auto_mode;
  bool managed_rules_only = false;  ///< allowManagedPermissionRulesOnly
  std::vector<std::string> additional_directories;
  std::optional<std::string> aws_sign_host;
  std::optional<std::string> aws_auth_refresh;          ///< a shell command
  std::optional<std::string> aws_credential_export;     ///< a shell command
  std::optional<std::string> model_aws_profile;         ///< of model calls alone
  std::optional<std::string> tools_aws_profile;         ///< of what tools start
  std::optional<std::string> tools_aws_session_policy;  ///< JSON; narrows the role of the tools' profile

  std::vector<std::string> claude_md_excludes;
  std::string claude_md;  ///< instructions in the managed settings themselves
  std::optional<bool> auto_memory_enabled;
  std::optional<std::string> auto_memory_directory;
  std::optional<std::chrono::milliseconds> question_timeout;  ///< askUserQuestionTimeout
  std::optional<std::string> plans_directory;                 ///< below the project when it is not absolute
  std::optional<bool> auto_compact_enabled;
  bool file_checkpointing = true;  ///< fileCheckpointingEnabled: files are kept before interactive edits
  std::optional<int64_t> auto_compact_window;  ///< in tokens

  std::vector<std::string> disabled_mcpjson_servers;  ///< of .mcp.json
  std::vector<McpServerPattern> denied_mcp_servers;
  std::optional<std::vector<McpServerPattern>> allowed_mcp_servers;
  bool managed_mcp_servers_only = false;  ///< allowManagedMcpServersOnly: others do not allow servers

  bool worktree_from_head = false;  ///< worktree.baseRef is "head"
  std::vector<std::string> worktree_sparse_paths;
  std::vector<std::string> worktree_symlinks;  ///< worktree.symlinkDirectories
  std::optional<std::string> output_style;
  std::optional<std::string> agent;                    ///< the kind of agent that sessions are
  std::map<std::string, std::string> skill_overrides;  ///< skill → on, name-only, user-invocable-only, off
  bool disable_skill_shell = false;

  std::string minimum_version;  ///< requiredMinimumVersion; empty: none
  std::string maximum_version;
  std::optional<int> cleanup_period_days;
  bool has_rejected_file = false;  ///< a file is no JSON object, and does not count
  bool cleanup_is_unsure = false;  ///< a file holds a period that is none

  std::vector<HooksText> hooks;           ///< of all sources, lowest precedence first
  std::optional<bool> disable_all_hooks;  ///< by anybody but the managed settings
  bool disable_managed_hooks = false;     ///< by the managed settings: then nobody's run
  bool managed_hooks_only = false;        ///< allowManagedHooksOnly
  PluginOnly plugin_only;
  std::map<std::string, bool> enabled_plugins;  ///< by plugin@marketplace
  /// extraKnownMarketplaces: by name, the source as JSON and the folder that its paths are below.
  std::map<std::string, std::pair<std::string, os::Path>> extra_marketplaces;
  /// strictKnownMarketplaces and blockedMarketplaces as JSON; empty: there is no such list.
  std::string allowed_marketplaces;
  std::string blocked_marketplaces;
  bool no_sideload_flags = false;  ///< disableSideloadFlags
  std::optional<std::vector<std::string>> allowed_http_hook_urls;
  std::optional<std::vector<std::string>> http_hook_allowed_variables;

  std::vector<std::string> sources;   ///< names of what was read, lowest precedence first
  std::vector<std::string> problems;  ///< sentences: what was rejected or held back, where and why
};

/// Reads the settings files of `scopes` that exist. A file that cannot be read is a problem, not an error.
std::vector<SettingsSource> read_settings_files(const Locations& locations, const std::vector<Scope>& scopes,
                                                std::vector<std::string>& problems);

/// The value of --settings: JSON text when it begins with "{", else a file's path. Errors: kNotFound, kParse
/// …
Result<SettingsSource> read_settings_flag(const std::string& value, const os::Path& cwd);

/// Merges by precedence: single values override, lists and objects add up. A source that is not a JSON object
/// is rejected whole. Without `trusted`, what the project's files may not decide by themselves is held back.
Settings merge_settings(const std::vector<SettingsSource>& sources, bool trusted);

/// The shell's environment with the settings' `env` block over it; an empty value there cancels an export.
Environment apply_env(const Environment& shell, const Settings& settings);

/// True for variables that redirect or authenticate model calls, or load code: project files can never set
/// them.
bool is_reserved_variable(std::string_view name);

}  // namespace awl::config
