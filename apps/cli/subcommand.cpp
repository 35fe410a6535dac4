#include "cli/subcommand.h"

#include <algorithm>

namespace awl::cli {

namespace {

#define AWL_NOT_HERE "is not offered on Claude Platform on AWS: "
#define AWL_NEEDS_ANTHROPIC AWL_NOT_HERE "it needs a service that Anthropic hosts for claude.ai accounts."
#define AWL_NO_BACKGROUND "is not there yet: this version has no background sessions."

// clang-format off
constexpr Subcommand kSubcommands[] = {
    {"status", "Which provider, workspace, region, credentials and network settings are in use, and why", Command::kStatus, status_flags, "Shows which provider, workspace, region and credentials are in use, and why."},
    {"models", "The models that the platform offers the workspace; aliases follow the list for a day", Command::kModels, models_flags, "Asks the platform which models the workspace may use, and keeps the answer: aliases follow it for a day."},
    {"auth status", "As status, as JSON (--text for people); exit code 1 when model calls could not be made", Command::kStatus, status_flags, "Shows which provider, workspace, region and credentials are in use, and why."},
    {"auth login", "Runs the command of awsAuthRefresh, or says how to get credentials", Command::kAuthLogin, auth_flags, "Makes the AWS credentials of model calls good: runs the command of awsAuthRefresh when it is set, else says what to do."},
    {"auth refresh", "Fetches the credentials anew, with the command of awsAuthRefresh when it is set", Command::kAuthRefresh, auth_flags, "Fetches the AWS credentials of model calls anew. The command of awsAuthRefresh is run when it is set."},
    {"auth token", "Prints a short-term API key for the workspace's region, made from the AWS credentials", Command::kAuthToken, token_flags, "Prints a short-term API key, made from the AWS credentials without a request. Who has it can call the platform as they can: treat it as a password."},
    {"doctor", "Looks for what keeps prompts from working, and says what to do", Command::kDoctor, doctor_flags, "Looks at the installation, the settings, the provider, the credentials and the network. Exit code 0 only when a prompt would work."},
    {"policy explain", "What the permission rules in force say to a tool call, and why", Command::kPolicyExplain, policy_flags, "Shows what a tool call runs, what the rules and the mode in force say to it, and which rule that is.", "CALL"},
    {"policy test", "Checks a team's expectations of its permission rules", Command::kPolicyTest, policy_flags, "Checks a file of expectations against the rules in force: one a line, a verdict (allow, ask, deny, or refuse for either of the last two) and a call. Exit code 1 when one does not hold.", "FILE"},
    {"policy", "needs one more word: explain or test."},
    {"sessions list", "The sessions of this folder, the newest first", Command::kSessionsList, sessions_flags, "Lists the sessions of this folder, the newest first."},
    {"sessions search", "Those in which these words were said", Command::kSessionsSearch, sessions_flags, "Lists the sessions of this folder in which these words were said.", "WORDS"},
    {"sessions rename", "Gives a session a name, which --resume knows it by", Command::kSessionsRename, sessions_flags, "Gives a session a name. --resume knows it by that.", "SESSION NAME"},
    {"sessions tag", "Gives a session a tag; without one, takes it away", Command::kSessionsTag, sessions_flags, "Gives a session a tag. Without one, takes it away.", "SESSION [TAG]"},
    {"sessions delete", "Removes a session and everything that is kept with it", Command::kSessionsDelete, sessions_flags, "Removes a session: its transcript, the outputs and the file versions kept with it.", "SESSION"},
    {"sessions export", "A session as Markdown, printed or to a file", Command::kSessionsExport, sessions_flags, "Prints a session as Markdown, or writes it to a file that is not there yet.", "SESSION [FILE]"},
    {"sessions trace", "What each message cost: calls, request ids, tokens, tools", Command::kSessionsTrace, sessions_flags, "Shows what each message of a session took: the calls to the model with the ids by which the platform knows them, who made them, tokens by cache class, cost and time, and the tools that were called.", "SESSION"},
    {"sessions,session", "needs one more word: list, search, rename, tag, delete, export or trace."},
    {"config get", "The value of a setting that is in force", Command::kConfigGet, config_flags, "Prints the value of a setting from the file of the highest precedence that has it. Keys inside objects are written with a dot: permissions.allow.", "KEY"},
    {"config set", "Sets a setting, and leaves the rest of the file as it is", Command::kConfigSet, config_flags, "Sets a setting and leaves every other byte of the file as it is. The value is JSON, or else a text.", "KEY VALUE"},
    {"config unset", "Takes a setting out of the file", Command::kConfigUnset, config_flags, "Takes a setting out of the file.", "KEY"},
    {"config list", "Every settings file in force with its values", Command::kConfigList, config_flags, "Lists every settings file in force with its values, the lowest precedence first."},
    {"mcp add", "Adds an MCP server: a program behind --, or a URL", Command::kMcpAdd, mcp_flags, "Adds an MCP server to the configuration: a program with its arguments (behind --), or with --transport http or sse a URL.", "NAME COMMAND|URL [ARGS]"},
    {"mcp add-json", "Adds an MCP server as it is written in JSON", Command::kMcpAddJson, mcp_flags, "Adds an MCP server as it is written in JSON.", "NAME JSON"},
    {"mcp list", "The MCP servers of this folder, and whether they answer", Command::kMcpList, mcp_flags, "Lists the MCP servers of this folder and connects to each, to see whether it answers."},
    {"mcp get", "One MCP server, and whether it answers", Command::kMcpGet, mcp_flags, "Shows one MCP server and connects to it, to see whether it answers.", "NAME"},
    {"mcp remove", "Takes an MCP server out of the configuration", Command::kMcpRemove, mcp_flags, "Takes an MCP server out of the configuration.", "NAME"},
    {"mcp login", "Signs in to an MCP server that wants it, with a browser", Command::kMcpLogin, mcp_flags, "Signs in to an MCP server over HTTP (OAuth): shows an address, opens a browser with it, and keeps the tokens on this machine. They are renewed by themselves.", "NAME"},
    {"mcp logout", "Forgets the tokens of an MCP server", Command::kMcpLogout, mcp_flags, "Removes the tokens of an MCP server from this machine.", "NAME"},
    {"mcp serve", "awl's tools for an MCP client, over standard input and output", Command::kMcpServe, mcp_serve_flags, "Offers awl's built-in tools to an MCP client over standard input and output, in this folder and under its permission rules. What would be asked is refused, because nobody can be asked."},
    {"plugin install,plugin i,plugins install,plugins i", "Installs a plugin of a marketplace", Command::kPluginInstall, plugin_flags, "Installs a plugin of a marketplace and switches it on. A marketplace that the settings announce is fetched first.", "PLUGIN[@MARKETPLACE]"},
    {"plugin uninstall,plugin remove,plugin rm,plugins uninstall,plugins remove,plugins rm", "Removes an installed plugin", Command::kPluginUninstall, plugin_flags, "Removes an installed plugin, and with the last copy what it keeps.", "PLUGIN"},
    {"plugin enable,plugins enable", "Switches an installed plugin on", Command::kPluginEnable, plugin_flags, "Switches an installed plugin on.", "PLUGIN"},
    {"plugin disable,plugins disable", "Switches an installed plugin off", Command::kPluginDisable, plugin_flags, "Switches an installed plugin off; it stays installed.", "PLUGIN"},
    {"plugin update,plugins update", "Brings a plugin and its marketplace up to date", Command::kPluginUpdate, plugin_flags, "Brings a plugin and its marketplace up to date.", "PLUGIN"},
    {"plugin list,plugin ls,plugins list,plugins ls", "The plugins that are installed", Command::kPluginList, plugin_flags, "Lists the plugins that are installed, and whether they are on."},
    {"plugin validate,plugins validate", "Whether the folder of a plugin or marketplace can be used", Command::kPluginValidate, plugin_flags, "Reads the folder of a plugin, or of a marketplace with the plugins in it, and says what is wrong.", "FOLDER"},
    {"plugin marketplace,plugins marketplace", "The catalogues that plugins come from", Command::kPluginMarketplace, plugin_flags, "Adds, lists, updates or removes a catalogue of plugins: owner/repository on GitHub, a URL that git clones (#ref), or a folder.", "add SOURCE|list|update [NAME]|remove NAME"},
    {"agents,agents list", "The kinds of subagents that there are here, and where each comes from", Command::kAgents, agents_flags, "Lists the kinds of subagents that a session in this folder has: built in, of the person, the project, plugins and --agents."},
    {"trust", "Whether this folder is trusted, what it starts by itself, and whether that has changed", Command::kTrust, trust_flags, "Shows what a folder starts by itself (hooks, MCP servers, helper commands) and asks whether to trust it: until then its allow rules, variables and helpers do not count. Exit code 1 when it is not trusted afterwards.", "[FOLDER]"},
    {"context", "What fills the model's window at the start of a session, or in one", Command::kContext, context_flags, "Shows what fills the model's window: at the start of a session in this folder, or in a session that is named. Nothing is sent."},
    {"project purge", "Deletes everything that is kept of a project", Command::kProjectPurge, purge_flags, "Deletes everything that is kept of a project (this folder, unless another one is named): transcripts, memory, task lists, file versions, logs, and its entry in ~/.claude.json. What that is is shown first.", "[FOLDER]"},
    {"auto-mode defaults", "The rules that the mode auto judges by, as JSON", Command::kAutoModeDefaults, auto_mode_flags, "Prints the built-in rules of the mode auto as JSON."},
    {"auto-mode config", "The same with what the settings say", Command::kAutoModeConfig, auto_mode_flags, "Prints the rules of the mode auto that are in force as JSON: the built-in ones with what the settings say."},
    {"auto-mode critique", "What a model has to say about your own rules", Command::kAutoModeCritique, auto_mode_flags, "Lets a model look through the rules that the settings add to the mode auto, and prints what is ambiguous, redundant or blocks too much."},
    {"auto-mode reset", "Takes autoMode out of the user settings", Command::kAutoModeReset, auto_mode_flags, "Takes autoMode out of the user settings, so that the built-in rules are in force again."},
    {"auto-mode", "needs one more word: defaults, config, critique or reset."},
    {"acp", "The agent of an editor (Agent Client Protocol)", Command::kAcp, acp_flags, "Serves an editor over standard input and output, as the Agent Client Protocol has it: sessions, prompts, tool calls, questions."},
    {"emulator", "Claude Platform on AWS on this machine, for trying out and testing", Command::kEmulator},
    {"auth logout", AWL_NOT_HERE "there is no login of Awl's own. Remove the AWS credentials or the key that `awl status` names."},
    {"auth", "needs one more word: status, login, refresh or token."},
    {"setup-token", AWL_NOT_HERE "it makes tokens of claude.ai accounts. Use a workspace key in ANTHROPIC_AWS_API_KEY."},
    {"mcp", "needs one more word: add, add-json, list, get, remove, login, logout or serve."},
    {"plugin,plugins", "needs one more word: install, uninstall, enable, disable, update, list, validate or marketplace."},
    {"config", "needs one more word: get, set, unset or list."},
    {"update,upgrade", "is not there: Awl does not update itself. Install the new package or build the new sources."},
    {"install", "is not there: Awl is installed from its package or its sources."},
    {"attach", AWL_NO_BACKGROUND},
    {"logs", AWL_NO_BACKGROUND},
    {"respawn", AWL_NO_BACKGROUND},
    {"rm", AWL_NO_BACKGROUND},
    {"stop,kill", AWL_NO_BACKGROUND},
    {"daemon", AWL_NO_BACKGROUND},
    {"gateway", "is not there yet."},
    {"project", "needs one more word: purge."},
    {"import", AWL_NOT_HERE "copy what you need into ~/.claude/settings.json and CLAUDE.md."},
    {"remote-control,rc", AWL_NEEDS_ANTHROPIC},
    {"self-hosted-runner", AWL_NEEDS_ANTHROPIC},
    {"ultrareview", AWL_NEEDS_ANTHROPIC},
};
// clang-format on

}  // namespace

std::span<const Subcommand> subcommands() { return kSubcommands; }

const Subcommand* find_subcommand(std::string_view name) {
  for (const Subcommand& command : kSubcommands) {
    for (std::string_view rest = command.names; !rest.empty();) {
      const size_t comma = std::min(rest.find(','), rest.size());
      if (rest.substr(0, comma) == name) return &command;
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return nullptr;
}

std::vector<std::string_view> subcommand_names() {
  std::vector<std::string_view> names;
  for (const Subcommand& command : kSubcommands) {
    for (std::string_view rest = command.names; !rest.empty();) {
      const size_t comma = std::min(rest.find(','), rest.size());
      if (!rest.substr(0, comma).contains(' ')) names.push_back(rest.substr(0, comma));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return names;
}

}  // namespace awl::cli
