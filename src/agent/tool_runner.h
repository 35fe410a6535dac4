// Runs the tool calls of one answer: validate, ask, run, report.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "agent/auto_mode.h"
#include "agent/loop_guard.h"
#include "agent/session_hooks.h"
#include "agent/task_reminder.h"
#include "agent/tool_set.h"
#include "anthropic/message_assembler.h"
#include "json/value.h"
#include "permission/policy.h"
#include "protocol/event.h"
#include "protocol/host.h"
#include "session/checkpoints.h"
#include "tools/session.h"

namespace awl::agent {

struct ToolRunnerOptions {
  permission::Rules rules;
  permission::Mode mode = permission::Mode::kDefault;
  bool fixed_folder = false;  ///< `cd` does not move later calls: subagents
  bool may_defer = false;     ///< a hook may put a call off until the session is taken up again
  int max_concurrency = 10;   ///< CLAUDE_CODE_MAX_TOOL_USE_CONCURRENCY
};

class ToolRunner {
 public:
  using OnFinished = std::function<void(const protocol::ToolFinished&)>;

  /// Everything referred to outlives the runner.
  ToolRunner(ToolSet& tools, tools::Session& session, protocol::Host& host, ToolRunnerOptions options);

  /// In the mode auto this one judges, by what stands in `own`, the conversation that the calls belong to.
  /// Both outlive the runner.
  void set_auto_mode(AutoMode& auto_mode, const anthropic::Conversation& own) {
    auto_mode_ = &auto_mode;
    own_ = &own;
  }

  /// From now on these hooks hear of every call. They outlive the runner.
  void set_hooks(SessionHooks& hooks) { hooks_ = &hooks; }
  permission::Mode mode() const { return options_.mode; }
  void set_mode(permission::Mode mode) { options_.mode = mode; }

  /// Files that a hook wants to hear of; may be empty.
  std::function<void(const std::vector<std::string>& paths)> on_watch_paths;
  /// A person is asked about a call from now on, until what it gives is destroyed; may be empty.
  std::function<std::shared_ptr<void>(const std::string& tool)> on_asking;

  /// Hears what was decided about each call; may be empty.
  std::function<void(const protocol::ToolDecided&)> on_decided;

  /// Runs before each round of calls; may be empty.
  std::function<Task<>()> before_round;

  /// Permission updates that whoever allowed a call wants, a JSON list.
  std::function<void(const std::string& updates_json)> on_permission_updates;
  /// Calls are those of this subagent.
  void set_agent(std::string id) { agent_id_ = std::move(id); }

  /// Changes the rules for good.
  void change_rules(const std::function<void(permission::Rules&)>& change) {
    change(options_.rules);
    if (granted_) change(*granted_);
  }
  /// Keeps files before they change; outlives the runner. Null: nobody does.
  void set_checkpoints(session::Checkpoints* checkpoints) { checkpoints_ = checkpoints; }

  /// Further rules, until end_grants().
  void grant(const permission::Rules& rules);
  void end_grants() { granted_.reset(); }
  const permission::Rules& rules() const { return granted_ ? *granted_ : options_.rules; }

  /// Runs a call that the product makes itself. Errors: kPermissionDenied, when it would not run without a
  /// question; kInvalidInput, with what the tool said, when it fails. Without `heed_hooks` no hook hears of
  /// it.
  Task<Result<tools::ToolResult>> run_if_allowed(std::string tool_name, json::Value input, bool heed_hooks);

  /// Runs a call of a program, of which no turn knows; rules, hooks and the host decide as about any other.
  Task<tools::ToolResult> run_call(anthropic::ContentBlock call);
  /// True when the call, as it stands, changes nothing.
  bool only_reads(const anthropic::ContentBlock& call) { return prepare(call).read_only; }

  /// Runs `calls` and gives their tool_result blocks in the order of the calls; `on_finished` hears of each
  /// in order of completion. Calls that change nothing run side by side, the others one after the other.
  Task<std::vector<std::string>> run(const std::vector<const anthropic::ContentBlock*>& calls,
                                     OnFinished on_finished);

  /// The conversation lost what showed the task list.
  void show_tasks_again() { task_reminder_.show_again(); }

  /// A new message begins: what was called for the last one is no loop.
  void begin_turn() { loop_guard_ = {}; }

  /// A call that a subagent was refused.
  void note_denial(const protocol::PermissionDenial& denial) { denials_.push_back(denial); }
  /// The refused calls since the last take.
  std::vector<protocol::PermissionDenial> take_denials() { return std::exchange(denials_, {}); }

  /// A hook or the person wants the turn to end after the calls that ran; the sentence may be empty.
  std::optional<std::string> take_stop() { return std::exchange(stop_, std::nullopt); }
  bool has_tool(const std::string& name) { return tools_.find(name) != nullptr; }
  bool has_deferred() const { return !deferred_.empty(); }
  /// {id, name, input} of the call that a hook put off; it has no result.
  std::string take_deferred() { return std::exchange(deferred_, ""); }
  /// The person interrupted the turn with their answer to a question.
  bool take_interrupt() { return std::exchange(interrupt_, false); }

  /// True when a Read of this resolved path would run without a question.
  bool may_read(const os::Path& path) const;
  bool names_host(const std::string& url) const;

  /// A tool_result block that says that the call was not run to its end.
  static std::string interrupted_result(const std::string& tool_use_id);

 private:
  /// A call that may run, or the result that it has already.
  struct Prepared {
    const anthropic::ContentBlock* call = nullptr;
    OfferedTool* tool = nullptr;
    json::Value input;
    tools::Access access;
    bool read_only = false;
    std::optional<tools::ToolResult> refused;
    std::shared_ptr<anthropic::ContentBlock> changed;  // by a hook; `call` points to it then
    std::vector<std::string> contexts;                 // of hooks, for the model
    bool approved = false;                             // by a hook
    bool must_ask = false;                             // because a hook wants it
    std::string hook_reason;
    std::string comment;  // of the person who allowed it, for the model
    bool ran = false;
    const char* decided_by = "config";
    std::chrono::milliseconds waited{};  // for a person
    std::chrono::milliseconds took{};
  };
  using Calls = std::vector<const anthropic::ContentBlock*>;
  Prepared prepare(const anthropic::ContentBlock& call);
  permission::Situation situation() const;  // as it is now: `cd` moves the working folder
  Task<tools::ToolResult> run_one(Prepared& prepared);
  Task<> run_into(Prepared& prepared, tools::ToolResult& result, const OnFinished& on_finished);
  void mind_notes(const Prepared& prepared, tools::ToolResult& result) const;
  Task<std::vector<tools::ToolResult>> run_all(const Calls& calls, const OnFinished& on_finished);
  Task<> add_notes(const Calls& calls, std::vector<tools::ToolResult>& results, bool slow);
  Task<std::optional<std::string>> refusal(Prepared& prepared);
  Task<std::optional<std::string>> answer_of_person(Prepared& prepared, const permission::Verdict& verdict);
  Task<tools::ToolResult> start(Prepared& prepared);
  permission::Verdict judge(const Prepared& prepared) const;
  json::Value shown_input(const Prepared& prepared) const;
  // tool_runner_judge.cpp
  bool is_for_judge(const Prepared& prepared, const permission::Verdict& verdict) const;
  Task<std::optional<std::string>> judged_refusal(Prepared& prepared, const permission::Verdict& verdict);
  // tool_runner_hooks.cpp
  hooks::HookCall hook_call(const char* event, const Prepared& prepared, json::Value fields) const;
  Task<std::optional<std::string>> ask_hooks_before(Prepared& prepared);
  Task<std::optional<protocol::PermissionAnswer>> ask_permission_hooks(Prepared& prepared);
  Task<bool> tell_hooks_of_denial(Prepared& prepared, const std::string& reason);
  Task<> tell_hooks_after(Prepared& prepared, tools::ToolResult& result);
  Task<> tell_hooks_of_batch(const Calls& calls, std::vector<tools::ToolResult>& results);
  bool defer(const Prepared& prepared);
  bool change_input(Prepared& prepared, const std::string& input_json);
  void note_stop(const hooks::HookOutcome& outcome);
  void note_denial(const Prepared& prepared);
  void tell_decision(const Prepared& prepared, bool accepted) const;

  ToolSet& tools_;
  tools::Session& session_;
  protocol::Host& host_;
  ToolRunnerOptions options_;
  std::string agent_id_;
  std::optional<permission::Rules> granted_;  // all rules, with those that were granted
  session::Checkpoints* checkpoints_ = nullptr;
  SessionHooks* hooks_ = nullptr;
  AutoMode* auto_mode_ = nullptr;
  const anthropic::Conversation* own_ = nullptr;
  std::optional<std::string> stop_;
  bool interrupt_ = false;
  std::string deferrable_;  // the id of the round's call, when it is the only one
  std::string deferred_;
  std::vector<protocol::PermissionDenial> denials_;
  LoopGuard loop_guard_;
  std::optional<std::string> loop_refusal_;  // of the round that runs
  TaskReminder task_reminder_;
};

}  // namespace awl::agent
