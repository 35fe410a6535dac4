#include "cli/flag.h"
#include "cli/flag_values.h"

namespace awl::cli {

namespace {

using enum Takes;
using enum Group;
using enum Standing;

constexpr std::string_view kNeedsAnthropic = "it needs a service that Anthropic hosts for claude.ai accounts";
constexpr std::string_view kNoBackground = "background sessions are not there yet";

// clang-format off
constexpr Flag kSessionFlags[] = {
    {"--print,-p", kNothing, "", kRun, "Answer and exit, without a terminal interface", turn_on<&Arguments::print>},
    {"--max-turns", kOne, "N", kRun, "With -p: end after N rounds of tool calls", set_max_turns},
    {"--max-budget-usd", kOne, "USD", kRun, "With -p: end when the estimated cost reaches this", set_budget},
    {"--add-dir", kMany, "FOLDER...", kRun, "Further folders that the tools may work in", append<&Arguments::add_dirs>},
    {"--version,-v", kNothing, "", kRun, "Print the version and exit", set_command<Command::kVersion>},
    {"--help,-h", kNothing, "", kRun, "Print this and exit", set_command<Command::kHelp>},

    {"--output-format", kOne, "FORMAT", kOutput, "With -p: text, json or stream-json", set_output_format},
    {"--input-format", kOne, "FORMAT", kOutput, "With -p: text, or stream-json: a message a line on standard input", set_input_format},
    {"--verbose", kNothing, "", kOutput, "With text: tool calls on standard error; with json: every event; stream-json needs it", turn_on<&Arguments::verbose>},
    {"--include-partial-messages", kNothing, "", kOutput, "With stream-json: the model's stream events too", turn_on<&Arguments::include_partial_messages>},
    {"--replay-user-messages", kNothing, "", kOutput, "With stream-json in and out: each message of the input too, when it is taken up", turn_on<&Arguments::replay_user_messages>},
    {"--json-schema", kOne, "JSON", kOutput, "A JSON Schema that the answer must fit; it comes as structured_output", set_schema},
    {"--include-hook-events", kNothing, "", kOutput, "With stream-json: the beginning and the end of every hook too", turn_on<&Arguments::include_hook_events>},
    {"--forward-subagent-text", kNothing, "", kOutput, "With stream-json: what subagents say too, not only what they do", turn_on<&Arguments::forward_subagent_text>},
    {"--prompt-suggestions", kOptionalEqual, "", kHidden, "suggestions are not made on this provider", note_stream_flag<0>, kAccepted},

    {"--model", kOne, "MODEL", kModel, "Alias (opus, sonnet, haiku, …) or id", set_text<&Arguments::model>},
    {"--fallback-model", kOne, "MODEL,...", kModel, "Stand in, in this order, while the model is not available", set_text<&Arguments::fallback_model>},
    {"--effort", kOne, "LEVEL", kModel, "How hard the model works: low, medium, high, xhigh or max", set_effort},
    {"--thinking", kOne, "KIND", kModel, "adaptive, enabled or disabled", set_thinking},
    {"--max-thinking-tokens", kOne, "N", kModel, "A fixed budget for thinking; 0 switches it off", set_thinking_tokens},
    {"--betas", kMany, "NAME...", kModel, "Further values of the anthropic-beta header", append<&Arguments::betas>},
    {"--thinking-display", kOne, "HOW", kModel, "How thinking is shown: summarized or omitted", set_thinking_display},
    {"--task-budget", kOne, "", kHidden, "requests cannot carry a token budget for the task yet", nullptr, kNotYet},
    {"--advisor", kOne, "", kHidden, "the advisor tool does not exist on this provider", nullptr, kNotHere},

    {"--allowedTools,--allowed-tools", kMany, "RULE...", kTools, "Calls that run without asking: Bash, \"Edit(src/**)\"", append<&Arguments::allowed_tools>},
    {"--disallowedTools,--disallowed-tools", kMany, "RULE...", kTools, "Calls that never run", append<&Arguments::disallowed_tools>},
    {"--tools", kMany, "TOOL...", kTools, "Just these tools exist; \"\" for none, \"default\" for the usual ones", set_tools},
    {"--permission-mode", kOne, "MODE", kTools, "default, acceptEdits, plan, auto, dontAsk or bypassPermissions", set_text<&Arguments::permission_mode>},
    {"--dangerously-skip-permissions", kNothing, "", kTools, "The same as --permission-mode bypassPermissions", turn_on<&Arguments::skip_permissions>},
    {"--allow-dangerously-skip-permissions", kNothing, "", kTools, "The program that drives the session may choose bypassPermissions later", turn_on<&Arguments::may_skip_permissions>},
    {"--permission-prompt-tool", kOne, "TOOL", kTools, "With -p: an MCP tool that is asked where a person would be", set_text<&Arguments::permission_prompt_tool>},
    {"--enable-auto-mode", kNothing, "", kHidden, "it has no meaning any more; --permission-mode chooses the mode", ignore, kAccepted},
    {"--mcp-config", kMany, "JSON|FILE...", kTools, "Further MCP servers: {\"mcpServers\": {…}}", append<&Arguments::mcp_configs>},
    {"--strict-mcp-config", kNothing, "", kTools, "Only the MCP servers of --mcp-config", turn_on<&Arguments::strict_mcp>},
    {"--mcp-debug", kNothing, "", kHidden, "it has no meaning any more; --debug serves", turn_on<&Arguments::debug>, kAccepted},

    {"--system-prompt", kOne, "TEXT", kPrompt, "Replaces the system prompt", set_text<&Arguments::system_prompt>},
    {"--system-prompt-file", kOne, "FILE", kPrompt, "The same from a file", set_text<&Arguments::system_prompt_file>},
    {"--append-system-prompt", kOne, "TEXT", kPrompt, "Is added to the system prompt", set_text<&Arguments::append_system_prompt>},
    {"--append-system-prompt-file", kOne, "FILE", kPrompt, "The same from a file", set_text<&Arguments::append_system_prompt_file>},
    {"--exclude-dynamic-system-prompt-sections", kNothing, "", kPrompt, "What differs between machines goes into the first message, so that all share the prompt's cache", turn_on<&Arguments::exclude_dynamic_sections>},
    {"--append-subagent-system-prompt", kOne, "TEXT", kPrompt, "Is added to the system prompt of every subagent", set_text<&Arguments::append_subagent_prompt>},

    {"--session-id", kOne, "UUID", kSession, "The session's id", set_session_id},
    {"--continue,-c", kNothing, "", kSession, "Go on with the last session of this folder", turn_on<&Arguments::continue_session>},
    {"--resume,-r", kOptional, "ID|NAME", kSession, "Go on with this session", set_resume},
    {"--fork-session", kNothing, "", kSession, "With --resume or --continue: in a copy, under a new id", turn_on<&Arguments::fork_session>},
    {"--resume-session-at", kOne, "UUID", kSession, "With --resume: only up to this message", set_text<&Arguments::resume_at>},
    {"--rewind-files", kOne, "UUID", kSession, "With --resume: put the files back as they were before this message, and exit", set_text<&Arguments::rewind_to>},
    {"--no-session-persistence", kNothing, "", kSession, "Keep no transcript", turn_off<&Arguments::persist>},
    {"--name,-n", kOne, "NAME", kSession, "The session's name, by which --resume finds it", set_text<&Arguments::session_name>},
    {"--from-pr", kOptional, "NUMBER|URL", kSession, "Choose among the sessions that made this pull request, or any", set_from_pr},
    {"--session-mirror", kNothing, "", kHidden, "records are not sent to the program yet", nullptr, kNotYet},

    {"--settings", kOne, "JSON|FILE", kOther, "Settings for this run, over those of the files", set_text<&Arguments::settings>},
    {"--setting-sources", kOne, "LIST", kOther, "Which settings files count: user,project,local", set_text<&Arguments::setting_sources>},
    {"--bare", kNothing, "", kOther, "Look nothing up beside the settings: a short prompt, and the tools Bash, Read and Edit", turn_on<&Arguments::bare>},
    {"--safe-mode", kNothing, "", kOther, "Leave out all customisations", turn_on<&Arguments::safe_mode>},
    {"--debug,-d", kOptionalEqual, "CATEGORY,...", kOther, "Write a log to ~/.claude/debug: startup, network, api, cache, hooks, tools, turn (!name leaves one out)", set_debug},
    {"--debug-to-stderr", kNothing, "", kOther, "Write the log to standard error", turn_on<&Arguments::debug_to_stderr>},
    {"--debug-file", kOne, "FILE", kOther, "Write the log there", set_debug_file},
    {"--managed-settings", kOne, "JSON", kOther, "Restrictions of the program that starts awl, below the managed settings", set_text<&Arguments::managed_settings>},
    {"--disable-slash-commands", kNothing, "", kSession, "No commands and no skills", turn_off<&Arguments::slash_commands>},
    {"--agent", kOne, "NAME", kSession, "The session is this kind of agent: its prompt, its tools, its model", set_text<&Arguments::agent>},
    {"--agents", kOne, "JSON", kSession, "Further kinds of subagents: {\"name\": {\"description\": …, \"prompt\": …}}", set_text<&Arguments::agents_json>},
    {"--plugin-dir", kOne, "FOLDER|ZIP", kSession, "A plugin for this session; may be given several times", append<&Arguments::plugin_dirs>},
    {"--plugin-dir-no-mcp", kOne, "", kHidden, "the MCP servers of a plugin cannot be left out yet", nullptr, kNotYet},
    {"--plugin-url", kOne, "URL", kSession, "The same in a zip file that is fetched (https)", append<&Arguments::plugin_urls>},
    {"--init", kNothing, "", kSession, "With -p: run the Setup hooks first (init)", set_setup<0>},
    {"--init-only", kNothing, "", kSession, "Run the Setup and SessionStart hooks, and nothing else", set_setup<1>},
    {"--maintenance", kNothing, "", kSession, "With -p: run the Setup hooks first (maintenance)", set_setup<2>},
    {"--autocompact", kOne, "TOKENS", kSession, "The window that the conversation is compacted for: 200000, 500k, 1M, or auto", set_autocompact},
    {"--bg,--background", kNothing, "", kHidden, kNoBackground, nullptr, kNotYet},
    {"--exec", kOne, "", kHidden, kNoBackground, nullptr, kNotYet},
    {"--worktree,-w", kOptional, "NAME|#PR|URL", kSession, "Work in a git worktree of its own, .claude/worktrees/NAME, or in one of a pull request", set_worktree},
    {"--tmux", kOptionalEqual, "", kHidden, "sessions are not opened in tmux", nullptr, kNotYet},
    {"--ide", kNothing, "", kHidden, "no editor is connected to yet", ignore, kAccepted},
    {"--ax-screen-reader", kNothing, "", kHidden, "the output of -p is plain text already", ignore, kAccepted},
    {"--teammate-mode", kOne, "", kHidden, "there are no teams of agents yet", ignore, kAccepted},
    {"--no-chrome", kNothing, "", kHidden, "there is no browser integration", ignore, kAccepted},
    {"--chrome", kNothing, "", kHidden, kNeedsAnthropic, nullptr, kNotHere},
    {"--cloud,--remote", kOptional, "", kHidden, kNeedsAnthropic, nullptr, kNotHere},
    {"--teleport", kOptional, "", kHidden, kNeedsAnthropic, nullptr, kNotHere},
    {"--remote-control,--rc", kOptional, "", kHidden, kNeedsAnthropic, nullptr, kNotHere},
    {"--remote-control-session-name-prefix", kOne, "", kHidden, kNeedsAnthropic, nullptr, kNotHere},
    {"--environment", kOne, "", kHidden, kNeedsAnthropic, nullptr, kNotHere},
    {"--ref", kOne, "", kHidden, kNeedsAnthropic, nullptr, kNotHere},
    {"--channels", kMany, "", kHidden, kNeedsAnthropic, nullptr, kNotHere},
    {"--dangerously-load-development-channels", kMany, "", kHidden, kNeedsAnthropic, nullptr, kNotHere},
};

constexpr Flag kMcpFlags[] = {
    {"--scope,-s", kOne, "SCOPE", kRun, "local (this project, for you; the default), project (.mcp.json) or user", set_text<&Arguments::scope>},
    {"--transport,-t", kOne, "KIND", kRun, "stdio (the default), http or sse", set_text<&Arguments::transport>},
    {"--env,-e", kMany, "NAME=VALUE...", kRun, "Variables of the program", append<&Arguments::mcp_env>},
    {"--header,-H", kMany, "HEADER...", kRun, "Headers of requests: \"Name: value\"", append<&Arguments::mcp_headers>},
    {"--client-id", kOne, "ID", kRun, "Of a client that was registered with the server before; its secret comes from MCP_CLIENT_SECRET at login", set_text<&Arguments::client_id>},
    {"--callback-port", kOne, "PORT", kRun, "That a browser comes back to after a sign-in (http://localhost:PORT/callback)", set_text<&Arguments::callback_port>},
    {"--mcp-config", kMany, "JSON|FILE...", kRun, "Further servers", append<&Arguments::mcp_configs>},
    {"--json", kNothing, "", kRun, "As a JSON object", turn_on<&Arguments::as_json>},
    {"--help,-h", kNothing, "", kRun, "Print this and exit", set_command<Command::kHelp>},
};

constexpr Flag kPluginFlags[] = {
    {"--scope,-s", kOne, "SCOPE", kRun, "user (the default), project or local (this project, for you)", set_text<&Arguments::scope>},
    {"--json", kNothing, "", kRun, "As JSON", turn_on<&Arguments::as_json>},
    {"--keep-data", kNothing, "", kRun, "Of uninstall: what the plugin keeps stays", turn_on<&Arguments::keep_data>},
    {"--settings", kOne, "JSON|FILE", kRun, "Settings over those of the files", set_text<&Arguments::settings>},
    {"--help,-h", kNothing, "", kRun, "Print this and exit", set_command<Command::kHelp>},
};

constexpr Flag kAcpFlags[] = {
    {"--model", kOne, "MODEL", kRun, "Model alias or id", set_text<&Arguments::model>},
    {"--settings", kOne, "JSON|FILE", kRun, "Settings over those of the files", set_text<&Arguments::settings>},
    {"--help,-h", kNothing, "", kRun, "Print this and exit", set_command<Command::kHelp>},
};
constexpr Flag kMcpServeFlags[] = {
    {"--allowedTools,--allowed-tools", kMany, "RULE...", kRun, "Calls that run, as there is nobody to ask: Bash, \"Edit(src/**)\"", append<&Arguments::allowed_tools>},
    {"--disallowedTools,--disallowed-tools", kMany, "RULE...", kRun, "Calls that never run", append<&Arguments::disallowed_tools>},
    {"--tools", kMany, "TOOL...", kRun, "Just these tools are offered", set_tools},
    {"--permission-mode", kOne, "MODE", kRun, "default, acceptEdits, plan, dontAsk or bypassPermissions", set_text<&Arguments::permission_mode>},
    {"--dangerously-skip-permissions", kNothing, "", kRun, "The same as --permission-mode bypassPermissions", turn_on<&Arguments::skip_permissions>},
    {"--add-dir", kMany, "FOLDER...", kRun, "Further folders that the tools may work in", append<&Arguments::add_dirs>},
    {"--settings", kOne, "JSON|FILE", kRun, "Settings over those of the files", set_text<&Arguments::settings>},
    {"--debug,-d", kOptionalEqual, "", kHidden, "there is no conversation to keep a log of", ignore, kAccepted},
    {"--verbose", kNothing, "", kHidden, "there is no conversation to keep a log of", ignore, kAccepted},
    {"--help,-h", kNothing, "", kRun, "Print this and exit", set_command<Command::kHelp>},
};
constexpr Flag kStatusFlags[] = {
    {"--json", kNothing, "", kRun, "As a JSON object", turn_on<&Arguments::as_json>},
    {"--text", kNothing, "", kRun, "As text", turn_off<&Arguments::as_json>},
    {"--settings", kOne, "JSON|FILE", kRun, "Settings over those of the files", set_text<&Arguments::settings>},
    {"--model", kOne, "MODEL", kRun, "Model alias or id", set_text<&Arguments::model>},
    {"--help,-h", kNothing, "", kRun, "Print this and exit", set_command<Command::kHelp>},
};
constexpr Flag kModelsFlags[] = {
    {"--json", kNothing, "", kRun, "As a JSON object", turn_on<&Arguments::as_json>},
    {"--settings", kOne, "JSON|FILE", kRun, "Settings over those of the files", set_text<&Arguments::settings>},
    {"--help,-h", kNothing, "", kRun, "Print this and exit", set_command<Command::kHelp>},
};
constexpr Flag kAuthFlags[] = {
    {"--settings", kOne, "JSON|FILE", kRun, "Settings over those of the files", set_text<&Arguments::settings>},
    {"--help,-h", kNothing, "", kRun, "Print this and exit", set_command<Command::kHelp>},
};
constexpr Flag kDoctorFlags[] = {
    {"--live", kNothing, "", kRun, "Ask STS who this is, and the platform for its models and one token", turn_on<&Arguments::live>},
    {"--iam", kNothing, "", kRun, "Print the smallest IAM policy for what sessions of this workspace called, and nothing else", turn_on<&Arguments::iam>},
    {"--account", kOne, "ID", kRun, "The AWS account in that policy's ARN", set_text<&Arguments::account>},
    {"--json", kNothing, "", kRun, "As a JSON object", turn_on<&Arguments::as_json>},
    {"--settings", kOne, "JSON|FILE", kRun, "Settings over those of the files", set_text<&Arguments::settings>},
    {"--model", kOne, "MODEL", kRun, "Model alias or id", set_text<&Arguments::model>},
    {"--help,-h", kNothing, "", kRun, "Print this and exit", set_command<Command::kHelp>},
};
constexpr Flag kTokenFlags[] = {
    {"--ttl", kOne, "TIME", kRun, "How long it is valid: 15m, 1h (the default), at most 12h", set_text<&Arguments::ttl>},
    {"--json", kNothing, "", kRun, "As a JSON object with the time when it expires", turn_on<&Arguments::as_json>},
    {"--settings", kOne, "JSON|FILE", kRun, "Settings over those of the files", set_text<&Arguments::settings>},
    {"--help,-h", kNothing, "", kRun, "Print this and exit", set_command<Command::kHelp>},
};
constexpr Flag kPolicyFlags[] = {
    {"--json", kNothing, "", kRun, "As a JSON object", turn_on<&Arguments::as_json>},
    {"--permission-mode", kOne, "MODE", kRun, "default, acceptEdits, plan, auto, dontAsk or bypassPermissions", set_text<&Arguments::permission_mode>},
    {"--allowedTools,--allowed-tools", kMany, "RULE...", kRun, "Rules that allow, beside those of the settings", append<&Arguments::allowed_tools>},
    {"--disallowedTools,--disallowed-tools", kMany, "RULE...", kRun, "Rules that deny, beside those of the settings", append<&Arguments::disallowed_tools>},
    {"--add-dir", kMany, "FOLDER...", kRun, "Further folders that the tools may work in", append<&Arguments::add_dirs>},
    {"--settings", kOne, "JSON|FILE", kRun, "Settings over those of the files", set_text<&Arguments::settings>},
    {"--setting-sources", kOne, "LIST", kRun, "Which settings files count: user,project,local", set_text<&Arguments::setting_sources>},
    {"--help,-h", kNothing, "", kRun, "Print this and exit", set_command<Command::kHelp>},
};
constexpr Flag kSessionsFlags[] = {
    {"--all", kNothing, "", kRun, "Sessions of every folder, not of this one alone", turn_on<&Arguments::all_projects>},
    {"--json", kNothing, "", kRun, "As a JSON list", turn_on<&Arguments::as_json>},
    {"--help,-h", kNothing, "", kRun, "Print this and exit", set_command<Command::kHelp>},
};
constexpr Flag kTrustFlags[] = {
    {"--yes,-y", kNothing, "", kRun, "Trust the folder without a question", turn_on<&Arguments::yes>},
    {"--revoke", kNothing, "", kRun, "Do not trust the folder any more", turn_on<&Arguments::revoke>},
    {"--json", kNothing, "", kRun, "As a JSON object, and change nothing", turn_on<&Arguments::as_json>},
    {"--help,-h", kNothing, "", kRun, "Print this and exit", set_command<Command::kHelp>},
};
constexpr Flag kContextFlags[] = {
    {"--resume,-r", kOne, "ID|NAME", kRun, "Of this session", set_resume},
    {"--continue,-c", kNothing, "", kRun, "Of the last session of this folder", turn_on<&Arguments::continue_session>},
    {"--model", kOne, "MODEL", kRun, "Model alias or id", set_text<&Arguments::model>},
    {"--add-dir", kMany, "FOLDER...", kRun, "Further folders that the tools may work in", append<&Arguments::add_dirs>},
    {"--mcp-config", kMany, "JSON|FILE...", kRun, "Further MCP servers", append<&Arguments::mcp_configs>},
    {"--settings", kOne, "JSON|FILE", kRun, "Settings over those of the files", set_text<&Arguments::settings>},
    {"--help,-h", kNothing, "", kRun, "Print this and exit", set_command<Command::kHelp>},
};
constexpr Flag kAgentsFlags[] = {
    {"--json", kNothing, "", kRun, "As JSON", turn_on<&Arguments::as_json>},
    {"--agents", kOne, "JSON", kRun, "Further kinds of subagents: {\"name\": {\"description\": …, \"prompt\": …}}", set_text<&Arguments::agents_json>},
    {"--plugin-dir", kOne, "FOLDER", kRun, "A plugin for this session; may be given several times", append<&Arguments::plugin_dirs>},
    {"--settings", kOne, "JSON|FILE", kRun, "Settings over those of the files", set_text<&Arguments::settings>},
    {"--help,-h", kNothing, "", kRun, "Print this and exit", set_command<Command::kHelp>},
};
constexpr Flag kPurgeFlags[] = {
    {"--dry-run", kNothing, "", kRun, "Show what would be deleted, and delete nothing", turn_on<&Arguments::dry_run>},
    {"--all", kNothing, "", kRun, "Of every project", turn_on<&Arguments::all_projects>},
    {"--yes,-y", kNothing, "", kRun, "Delete without a question", turn_on<&Arguments::yes>},
    {"--help,-h", kNothing, "", kRun, "Print this and exit", set_command<Command::kHelp>},
};
constexpr Flag kAutoModeFlags[] = {
    {"--label", kOne, "START", kRun, "With defaults: just the rules that begin so", set_text<&Arguments::label>},
    {"--model", kOne, "MODEL", kRun, "With critique: the model that looks", set_text<&Arguments::model>},
    {"--yes,-y", kNothing, "", kRun, "With reset: without a question", turn_on<&Arguments::yes>},
    {"--settings", kOne, "JSON|FILE", kRun, "Settings over those of the files", set_text<&Arguments::settings>},
    {"--help,-h", kNothing, "", kRun, "Print this and exit", set_command<Command::kHelp>},
};
constexpr Flag kConfigFlags[] = {
    {"--scope", kOne, "SCOPE", kRun, "The file that is changed: user (the default), project or local", set_text<&Arguments::scope>},
    {"--json", kNothing, "", kRun, "As a JSON object", turn_on<&Arguments::as_json>},
    {"--help,-h", kNothing, "", kRun, "Print this and exit", set_command<Command::kHelp>},
};
// clang-format on

}  // namespace

bool Flag::has_name(std::string_view other) const {
  for (std::string_view rest = names; !rest.empty();) {
    const size_t comma = std::min(rest.find(','), rest.size());
    if (rest.substr(0, comma) == other) return true;
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return false;
}

std::span<const Flag> session_flags() { return kSessionFlags; }
std::span<const Flag> status_flags() { return kStatusFlags; }
std::span<const Flag> models_flags() { return kModelsFlags; }
std::span<const Flag> auth_flags() { return kAuthFlags; }
std::span<const Flag> doctor_flags() { return kDoctorFlags; }
std::span<const Flag> policy_flags() { return kPolicyFlags; }
std::span<const Flag> sessions_flags() { return kSessionsFlags; }
std::span<const Flag> mcp_flags() { return kMcpFlags; }

std::span<const Flag> mcp_serve_flags() { return kMcpServeFlags; }
std::span<const Flag> plugin_flags() { return kPluginFlags; }
std::span<const Flag> acp_flags() { return kAcpFlags; }
std::span<const Flag> config_flags() { return kConfigFlags; }
std::span<const Flag> trust_flags() { return kTrustFlags; }
std::span<const Flag> context_flags() { return kContextFlags; }
std::span<const Flag> agents_flags() { return kAgentsFlags; }
std::span<const Flag> purge_flags() { return kPurgeFlags; }
std::span<const Flag> auto_mode_flags() { return kAutoModeFlags; }
std::span<const Flag> token_flags() { return kTokenFlags; }

const Flag* find_flag(std::span<const Flag> flags, std::string_view name) {
  for (const Flag& flag : flags) {
    if (flag.has_name(name)) return &flag;
  }
  return nullptr;
}

}  // namespace awl::cli
