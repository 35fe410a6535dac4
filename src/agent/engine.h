// The core behind every face: takes Commands, gives Events.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "agent/compaction.h"
#include "agent/controls.h"
#include "agent/mcp_tools.h"
#include "agent/session_hooks.h"
#include "agent/settings_watch.h"
#include "agent/system_prompt.h"
#include "agent/tool_runner.h"
#include "agent/tool_set.h"
#include "agent/worktree.h"
#include "anthropic/client.h"
#include "anthropic/error_advice.h"
#include "anthropic/provider.h"
#include "anthropic/request_builder.h"
#include "anthropic/token_counter.h"
#include "async/event.h"
#include "async/task.h"
#include "base/clock.h"
#include "extensions/agent_files.h"
#include "extensions/output_style.h"
#include "extensions/skill.h"
#include "memory/instruction_files.h"
#include "protocol/command.h"
#include "protocol/event.h"
#include "protocol/host.h"
#include "session/recorder.h"
#include "session/restore.h"
#include "tools/session.h"

namespace awl::agent {

/// A model that goes on with the session when another refuses a message for reasons of this category.
struct RefusalFallback {
  std::string from;      ///< the id of the refusing model's row in the table
  std::string category;  ///< of the refusal: cyber, bio, …
  anthropic::RequestSettings request;
};

/// What requests should be like; empty: as the session began.
struct RequestWish {
  std::string model;  ///< an id or alias
  std::string effort;
  std::optional<int64_t> thinking_tokens;  ///< 0: no thinking
};

/// A model, for who asks which there are.
struct ModelLabel {
  std::string value;
  std::string name;
  std::string description;
};

struct SubagentLimits {
  int max_depth = 3;        ///< CLAUDE_CODE_MAX_SUBAGENT_SPAWN_DEPTH: layers below the session
  int max_concurrent = 20;  ///< CLAUDE_CODE_MAX_CONCURRENT_SUBAGENTS
  std::string model;        ///< CLAUDE_CODE_SUBAGENT_MODEL: of all of them; empty: each as it says
  bool background = true;   ///< not CLAUDE_CODE_DISABLE_BACKGROUND_TASKS
  std::string more_prompt;  ///< --append-subagent-system-prompt
};

/// A plugin, for who asks which there are.
struct PluginLabel {
  std::string name;
  std::string path;
};

struct EngineOptions {
  anthropic::Provider provider;
  anthropic::RequestSettings request;  ///< without system_texts and tool_definitions, which the engine makes
  std::vector<anthropic::RequestSettings> fallbacks;  ///< the same for the models of --fallback-model
  anthropic::RequestSettings small_request;           ///< the same for the small, fast model of side calls
  std::vector<RefusalFallback> refusal_fallbacks;
  /// The same for another model, effort or thinking. May be empty: then only the above can be asked.
  std::function<anthropic::RequestSettings(const RequestWish& wish)> request_for;
  anthropic::AdviceFacts advice;  ///< for errors that end a turn
  /// Parts of a request that the upstream turned out not to know: for whoever remembers that. May be empty.
  std::function<void(const std::vector<std::string>& features)> on_left_out;
  bool opens_itself = false;  ///< `-p`: a SessionStart hook may give the first message
  bool has_person = false;    ///< somebody sits before it: hooks hear when nothing has been said for a minute
  std::string opening_note;   ///< what the model is told before its first message; empty: nothing
  /// Hears every event, also what subagents keep to themselves; `agent` is their kind, empty for the session.
  /// May be empty.
  std::function<void(const protocol::Event& event, const std::string& agent)> observe;
  /// Runs when nothing more will happen, before run() ends. May be empty.
  std::function<Task<>()> at_end;
  std::string credential_source;                    ///< for SessionStarted
  std::vector<extensions::Skill> skills;            ///< and commands
  std::vector<extensions::AgentDefinition> agents;  ///< without the built-in ones
  std::optional<extensions::OutputStyle> output_style;
  std::vector<PluginLabel> plugins;
  std::shared_ptr<void> unpacked_plugins;  ///< their folders, which go with it; null: none was unpacked
  std::vector<ModelLabel> models;
  std::vector<std::string> output_styles{"default"};
  std::string pending_agent;   ///< --agent, of one that the program that drives the session will define
  bool may_bypass = false;     ///< the mode bypassPermissions may be chosen later
  os::Path checkpoint_dir;     ///< empty: no states of files are kept
  std::string agent_type;      ///< --agent: the kind of agent that the session is; empty: none
  bool offers_agents = true;   ///< the tool Agent
  bool builtin_agents = true;  ///< not CLAUDE_AGENT_SDK_DISABLE_BUILTIN_AGENTS
  bool explorers = true;       ///< not CLAUDE_CODE_DISABLE_EXPLORE_PLAN_AGENTS
  SubagentLimits subagents;
  WorktreeOptions worktrees;           ///< of subagents
  bool forward_subagent_text = false;  ///< --forward-subagent-text
  bool trusted = false;                ///< the folder is: then the project's agents may bring hooks
  /// Writes a subagent down; may give null, or be empty.
  std::function<std::unique_ptr<session::Recorder>(const std::string& agent_id)> make_recorder;
  std::vector<mcp::ServerConfig> mcp_servers;
  bool mcp_may_come = false;  ///< a program may add servers later
  McpToolLimits mcp_limits;
  os::Path mcp_logins;            ///< tokens of servers that the person signed in to; empty: none are kept
  mcp::ClientOptions mcp_client;  ///< names and limits; the rest is set here
  std::chrono::milliseconds mcp_connect_limit{0};  ///< the first message waits so long for servers
  std::string permission_prompt_tool;  ///< an MCP tool that answers questions; empty: the host does
  /// What /config says and does with these words; empty: there is no such command.
  std::function<Result<std::string>(const std::string& words)> configure;
  /// Keeps the permission updates whose destination is a settings file. May be empty: then none is kept.
  std::function<Result<>(const std::string& updates_json)> save_permissions;
  bool slash_commands = true;        ///< not --disable-slash-commands
  size_t skill_list_bytes = 15'000;  ///< SLASH_COMMAND_TOOL_CHAR_BUDGET
  bool skill_shell = true;           ///< not disableSkillShellExecution
  tools::Session session;            ///< without `background` and `side_model`, which the engine owns
  ToolSelection tool_selection;
  ToolRunnerOptions tool_runner;
  AutoModeOptions auto_mode;
  SystemPromptOptions system_prompt;
  CompactionPolicy compaction;
  HookSettings hooks;
  SettingsPart settings;  ///< which of the above (rules, folders) came from settings files
  std::shared_ptr<SettingsWatch> settings_watch;  ///< null: the settings stay as they are
  std::string setup_trigger;              ///< of Setup hooks: init or maintenance; empty: they do not run
  bool setup_only = false;                ///< the hooks of the session's start run even when no message comes
  std::string transcript_path;            ///< for hooks; whether or not one is written
  session::Recorder* recorder = nullptr;  ///< writes the session down; outlives the engine; null: nobody does
  std::optional<session::RestoredSession> restored;        ///< what the session goes on with
  std::optional<memory::InstructionOptions> instructions;  ///< memory files; nullopt: none are read
  int max_turns = 0;
  double max_budget_usd = 0;  ///< 0: no limit
  /// Counts what may be too long before it is sent; outlives the engine. Null: the platform says it.
  anthropic::TokenCounter* token_counter = nullptr;
  bool watch_prefix = false;       ///< find out why the cache does not serve a request; for --debug
  std::string output_schema_json;  ///< the JSON Schema of the structured output that is wanted; empty: none
  int max_structured_output_retries = 5;
  std::chrono::milliseconds background_grace{
      5'000};  ///< how long a finished session waits for background commands
  Clock clock;
};

class Engine {
 public:
  virtual ~Engine() = default;
  /// Never blocks. SendMessage is queued while a turn runs; Interrupt takes effect at once.
  virtual void post(protocol::Command command) = 0;
  /// The next event; nullopt when the engine has ended.
  virtual Task<std::optional<protocol::Event>> next_event() = 0;
  virtual Controls& controls() = 0;
  /// Works until EndInput and everything before it is done. Cancelling it ends the turn without a TurnEnded,
  /// kills what runs and returns.
  virtual Task<> run() = 0;
};

/// `client` and `host` outlive the engine.
std::unique_ptr<Engine> make_engine(Executor executor, EngineOptions options,
                                    anthropic::MessagesClient& client, protocol::Host& host);

}  // namespace awl::agent
