// The hooks of one session, or of one subagent: what they are told, and where what they say goes.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hooks/hook_runner.h"
#include "permission/policy.h"
#include "protocol/event.h"
#include "tools/session.h"

namespace awl::agent {

/// What the person configured.
struct HookSettings {
  hooks::HookTable table;
  std::optional<std::vector<std::string>> allowed_urls;
  std::optional<std::vector<std::string>> allowed_variables;
  std::chrono::milliseconds session_end_budget{0};
};

/// What hooks are told besides the event.
struct HookFacts {
  std::string transcript_path;
  std::string effort;                      ///< of the model; empty: it has none
  std::string agent_id;                    ///< of a subagent; empty: this is the session itself
  std::string agent_type;                  ///< of a subagent, or of the whole session
  std::string agent_transcript_path = {};  ///< of a subagent
};

class SessionHooks {
 public:
  /// `session` outlives it; `mode` says the permission mode as it is now.
  SessionHooks(Executor executor, HookSettings settings, HookFacts facts, tools::Session& session,
               std::function<permission::Mode()> mode, std::function<void(protocol::Event)> emit);

  hooks::HookRunner& runner() { return *runner_; }
  bool has(std::string_view event) const { return runner_->has(event); }
  const HookFacts& facts() const { return facts_; }

  /// Runs the hooks of an event; the person hears of messages and failures. Nothing happens when there are
  /// none. `call.fields_json` holds the event's own fields.
  Task<hooks::HookOutcome> run(hooks::HookCall call);
  /// The same without waiting for them or heeding what they say.
  void run_detached(hooks::HookCall call);

  /// SessionStart; `source`: startup, resume, … What the model should know is kept for the next message.
  Task<hooks::HookOutcome> start_session(std::string source, std::string model);
  /// What hooks want the model to know with the next message or round of tools, each a whole block's text.
  std::vector<std::string> take_contexts();
  void keep_contexts(const std::string& event, const std::vector<std::string>& contexts);

  /// Calls a tool of a connected MCP server, for hooks of that type; not set: they fail.
  std::function<Task<Result<std::string>>(std::string server, std::string tool, std::string input_json)>
      call_mcp_tool;
  /// Asks a hook of the program that drives the session; not set: they fail.
  std::function<Task<Result<std::string>>(std::string callback_id, std::string input_json,
                                          std::string tool_use_id)>
      call_back;

  /// A background hook wants the model's attention now.
  bool wants_to_wake() const { return runner_->wants_to_wake(); }
  void on_wake(std::function<void()> wake) { on_wake_ = std::move(wake); }

  /// SessionEnd, and the end of what runs in the background.
  Task<> end_session(std::string reason);
  /// The end of what runs in the background alone.
  Task<> stop();

  /// run(), heeding nothing.
  Task<> run_and_forget(hooks::HookCall call);

 private:
  std::string common_fields() const;

  HookFacts facts_;
  tools::Session& session_;
  std::function<permission::Mode()> mode_;
  std::function<void(protocol::Event)> emit_;
  std::function<void()> on_wake_;
  std::unique_ptr<hooks::HookRunner> runner_;
  async::TaskGroup detached_;
  std::vector<std::string> contexts_;
};

/// TaskCreated, TaskCompleted: what the model is told when a hook objects.
Task<std::optional<std::string>> review_task(SessionHooks& hooks, std::string event, std::string fields_json);

}  // namespace awl::agent
