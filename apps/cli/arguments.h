// The command line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace awl::cli {

enum class Command {
  kSession,
  kStatus,
  kModels,
  kAuthLogin,
  kAuthRefresh,
  kAuthToken,
  kDoctor,
  kPolicyExplain,
  kPolicyTest,
  kSessionsList,
  kSessionsSearch,
  kSessionsRename,
  kSessionsTag,
  kSessionsDelete,
  kSessionsExport,
  kSessionsTrace,
  kConfigGet,
  kConfigSet,
  kConfigUnset,
  kConfigList,
  kMcpAdd,
  kMcpAddJson,
  kAgents,
  kMcpList,
  kMcpGet,
  kMcpRemove,
  kMcpLogin,
  kMcpLogout,
  kMcpServe,
  kPluginInstall,
  kPluginUninstall,
  kPluginEnable,
  kPluginDisable,
  kPluginUpdate,
  kPluginList,
  kPluginValidate,
  kPluginMarketplace,
  kAcp,
  kTrust,
  kContext,
  kProjectPurge,
  kAutoModeDefaults,
  kAutoModeConfig,
  kAutoModeCritique,
  kAutoModeReset,
  kEmulator,
  kVersion,
  kHelp,
  kRefused
};
enum class OutputFormat { kText, kJson, kStreamJson };

struct Arguments {
  Command command = Command::kSession;
  std::string text;  ///< of kHelp and kRefused: what to print

  bool print = false;
  bool interactive = false;  ///< a person sits at a terminal, who can be asked; main() sets it
  std::string prompt;
  std::string list_flag;  ///< the last flag that took all words up to the next flag; empty: none did
  OutputFormat output_format = OutputFormat::kText;
  bool verbose = false;
  bool stream_input = false;  ///< --input-format stream-json
  bool include_partial_messages = false;
  bool replay_user_messages = false;
  bool include_hook_events = false;
  bool debug_to_stderr = false;
  bool forward_subagent_text = false;
  bool slash_commands = true;
  std::vector<std::string> mcp_configs;  ///< --mcp-config
  bool strict_mcp = false;
  std::string permission_prompt_tool;    ///< an MCP tool, or "stdio": the program that drives awl
  std::string transport;                 ///< of `mcp add`
  std::vector<std::string> mcp_env;      ///< of `mcp add`: NAME=value
  std::vector<std::string> mcp_headers;  ///< of `mcp add`: Name: value
  std::string client_id;                 ///< of `mcp add`: of a client that was registered before
  std::string callback_port;             ///< of `mcp add`
  std::optional<std::string> worktree;   ///< its name; "": one is made up
  std::string agent;                     ///< --agent; empty: none
  bool agent_is_restored = false;        ///< it comes from the session that goes on
  std::string agents_json;               ///< --agents; empty: none
  std::vector<std::string> plugin_dirs;  ///< --plugin-dir: folders and zip files
  std::vector<std::string> plugin_urls;  ///< --plugin-url: each may be a list, separated by spaces
  std::string append_subagent_prompt;
  std::string setup_trigger;  ///< init or maintenance: runs the Setup hooks of that name; empty: none
  bool setup_only = false;    ///< --init-only
  std::vector<std::string> stream_only_flags;  ///< given ones that say something about stream-json alone
  std::optional<std::string> model;
  std::optional<std::string> fallback_model;  ///< a list, separated by commas
  std::optional<std::string> effort;
  std::vector<std::string> betas;       ///< each may be a list, separated by commas
  std::optional<std::string> thinking;  ///< adaptive, enabled or disabled
  std::optional<long long> max_thinking_tokens;
  std::string thinking_display;            ///< summarized or omitted; empty: as the model does it
  std::vector<std::string> allowed_tools;  ///< as given: each may hold several rules
  std::vector<std::string> disallowed_tools;
  std::optional<std::vector<std::string>> tools;
  std::optional<std::string> permission_mode;
  bool skip_permissions = false;
  bool may_skip_permissions = false;  ///< --allow-dangerously-skip-permissions: the mode may be chosen later
  std::vector<std::string> add_dirs;
  std::optional<std::string> settings;
  std::optional<std::string> managed_settings;  ///< --managed-settings, JSON text
  std::optional<std::string> setting_sources;
  bool bare = false;
  bool safe_mode = false;
  std::optional<int> max_turns;
  double max_budget_usd = 0;
  std::string json_schema;
  std::optional<std::string> system_prompt;
  std::optional<std::string> system_prompt_file;
  std::string append_system_prompt;
  std::optional<std::string> append_system_prompt_file;
  bool exclude_dynamic_sections = false;
  std::optional<std::string> session_id;
  bool continue_session = false;
  std::optional<std::string> resume;   ///< an id or a name; "" when none was given
  std::string rewind_to;               ///< --rewind-files: the uuid of a message of the person; empty: none
  std::optional<std::string> from_pr;  ///< a pull request's number or address; "": any
  std::string resume_at;               ///< the uuid of the last message that counts
  bool fork_session = false;
  std::optional<std::string> autocompact;  ///< auto, or tokens: 200000, 500k, 1M, 200
  bool persist = true;
  std::string session_name;
  bool debug = false;
  std::string debug_filter;  ///< categories, separated by commas; empty: all
  std::optional<std::string> debug_file;

  bool as_json = false;            ///< of commands that print something
  std::string ttl = "1h";          ///< of `awl auth token`
  bool live = false;               ///< of `awl doctor`: ask the platform
  bool iam = false;                ///< of `awl doctor`: print a policy
  std::string account;             ///< for that policy
  bool all_projects = false;       ///< of `awl sessions` and `awl project purge`
  bool yes = false;                ///< ask nothing
  bool dry_run = false;            ///< of `awl project purge`
  bool revoke = false;             ///< of `awl trust`
  bool keep_data = false;          ///< of `awl plugin uninstall`
  std::string label;               ///< of `awl auto-mode defaults`: how a rule begins
  std::string scope;               ///< of `awl config set`: user, project or local; empty: user
  std::vector<std::string> words;  ///< of a command that takes some
};

/// Errors: kInvalidInput and kUnsupported with the sentence to print.
Result<Arguments> parse_arguments(int argc, const char* const* argv);

}  // namespace awl::cli
