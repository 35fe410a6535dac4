// Subagents: conversations of their own within a session, which share its client, its budget and its rules.
// Source: product documentation, "sub-agents".
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "agent/agent_types.h"
#include "agent/engine.h"
#include "agent/session_hooks.h"
#include "agent/skill_set.h"
#include "agent/tool_runner.h"
#include "agent/usage_ledger.h"
#include "async/task_group.h"

namespace awl::agent {

class SubagentRun;

/// What all of them share with the session; everything outlives them.
struct SubagentContext {
  Executor executor;
  EngineOptions& options;
  anthropic::MessagesClient& client;
  protocol::Host& host;
  ToolRunner& runner;  ///< of the session: its rules and its mode
  AutoMode& auto_mode;
  SessionHooks& hooks;
  AgentTypes& types;
  UsageLedger& ledger;
  /// All tools that there may be. `skills` are the subagent's own, `deliver` takes the text of one that it
  /// loads; subagents that it calls have this depth.
  std::function<std::vector<std::unique_ptr<tools::Tool>>(
      SkillSet& skills, std::function<void(std::string)> deliver, int depth)>
      make_tools;
  std::function<SkillSetOptions()> skills;
  std::function<Task<std::string>()> environment_facts;
  session::Checkpoints* checkpoints;  ///< may be null
  std::function<Task<>()> follow_settings;
  std::function<void(protocol::Event)> emit;
  std::function<void()> on_ended;  ///< one in the background ended
};

/// One task for a subagent.
struct SubagentCall {
  std::string type;
  std::string prompt;
  std::string description;
  std::string model;  ///< of this call; empty: as its type says
  std::string tool_use_id;
  bool background = false;
  bool isolated = false;  ///< it gets a git worktree of its own
  int depth = 1;          ///< 1: called by the session itself
};

class Subagents {
 public:
  Subagents(SubagentContext context, SubagentLimits limits);
  ~Subagents();

  const SubagentLimits& limits() const { return limits_; }
  bool any_in_background() const { return background_.size() > 0; }

  /// Runs one to its end, or starts it in the background. What goes wrong is an error result.
  Task<tools::ToolResult> run(SubagentCall call);

  /// What one that ended in the background has to say, as a message's text; nullopt: none did.
  std::optional<std::string> take_ended();
  /// Returns when one in the background has ended, or none runs. Cancellable.
  Task<> wait();
  Task<> stop_all();

 private:
  Task<> run_in_background(std::shared_ptr<SubagentRun> run);

  SubagentContext context_;
  SubagentLimits limits_;
  int running_ = 0;
  std::deque<std::string> ended_;
  async::Event changed_;
  async::TaskGroup background_;
};

/// The tool by which the model calls subagents; `depth` is that of those that it calls.
/// `subagents` is asked for once it is called.
std::unique_ptr<tools::Tool> make_agent_tool(std::function<Subagents&()> subagents, const AgentTypes& types,
                                             int depth);

}  // namespace awl::agent
