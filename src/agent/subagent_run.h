// One subagent at work.
#pragma once

#include <memory>
#include <string>

#include "agent/compaction.h"
#include "agent/context_guard.h"
#include "agent/instruction_reminders.h"
#include "agent/model_routes.h"
#include "agent/structured_output.h"
#include "agent/subagents.h"
#include "agent/turn.h"
#include "agent/worktree.h"

namespace awl::agent {

class SubagentRun {
 public:
  SubagentRun(SubagentContext& context, const SubagentLimits& limits, SubagentCall call,
              const extensions::AgentDefinition& type);

  const std::string& id() const { return id_; }
  std::string model() const { return options_.request.model.id; }
  const SubagentCall& call() const { return call_; }

  /// Errors: kInvalidInput: it would have no tools.
  Task<Result<>> prepare();
  /// Works to the end: its report, or why there is none. Once, after prepare().
  Task<tools::ToolResult> run();

 private:
  os::Path choose_notes() const;
  void choose_model();
  void choose_tools();
  Task<> follow_settings();
  std::vector<std::string> reminders_after_compaction();
  HookSettings make_hooks();
  HookFacts hook_facts() const;
  void emit(protocol::Event event);
  Task<Result<Worktree>> open_own_worktree();
  Task<bool> close_own_worktree();
  Task<std::vector<std::string>> first_message();
  tools::ToolResult report(const protocol::TurnEnded& ended) const;

  SubagentContext& context_;
  const SubagentLimits& limits_;
  SubagentCall call_;
  const extensions::AgentDefinition type_;
  std::string id_;
  permission::Rules settings_rules_;  // those of options_ that came from settings files
  EngineOptions options_;             // what of it the parts below look at
  std::unique_ptr<session::Recorder> recorder_;
  InstructionReminders instructions_;
  std::unique_ptr<SkillSet> skills_;
  std::vector<std::string> skill_texts_;  // that follow the next results
  std::unique_ptr<ToolSet> tools_;
  std::unique_ptr<ToolRunner> runner_;
  std::unique_ptr<SessionHooks> hooks_;
  std::unique_ptr<ModelRoutes> routes_;
  anthropic::Conversation conversation_;
  ContextGuard guard_;
  std::unique_ptr<Compaction> compaction_;
  StructuredOutput output_;
  std::optional<Worktree> worktree_;
  bool worktree_is_of_hook_ = false;  // of its own
  int tool_calls_ = 0;
};

}  // namespace awl::agent
