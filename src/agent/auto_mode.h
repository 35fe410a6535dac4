// The mode auto: a model judges tool calls that the person would be asked about; commands in the mode plan,
// too. Source: product documentation, "permission-modes", "Eliminate permission prompts with auto mode", and
// "auto-mode-config".
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "anthropic/conversation.h"
#include "async/task.h"
#include "tools/side_model.h"

namespace awl::agent {

/// In words; each begins with a label and a colon.
struct AutoModeRules {
  std::vector<std::string> environment;  ///< what is trusted
  std::vector<std::string> allow;        ///< exceptions to soft_deny
  std::vector<std::string> soft_deny;    ///< blocked, unless the person asked for exactly that
  std::vector<std::string> hard_deny;    ///< blocked whatever the person said
};
AutoModeRules default_auto_mode_rules();

struct AutoModeOptions {
  AutoModeRules rules = default_auto_mode_rules();
  std::string model;        ///< that judges; empty: the session's own
  std::string unavailable;  ///< why the session cannot be in this mode; empty: it can
  bool classify_all_shell = false;
  bool during_plan = true;  ///< in the mode plan commands that do more than read are judged, too
};

/// What is about to happen.
struct PendingAction {
  std::string tool;
  std::string input_json;
  std::string why_asked;  ///< the reason of the permission layer
};

struct Judgement {
  enum class Kind { kAllow, kBlock, kNone };  ///< kNone: no judgement came of it
  Kind kind = Kind::kNone;
  std::string reason;
};

/// One for a session and its subagents. The judge sees what the person said, the calls that change something
/// and the instruction files; no result of a tool.
class AutoMode {
 public:
  /// What is referred to outlives it. `facts` tells of the repository when the session began (its remotes),
  /// and `uncommitted` of the work that is not committed now; either may be empty.
  AutoMode(AutoModeOptions options, tools::SideModel& side_model, const anthropic::Conversation& session,
           std::function<Task<std::string>()> facts, std::function<Task<std::string>()> uncommitted);

  const AutoModeOptions& options() const { return options_; }

  /// `own`: of the subagent that acts; the session's own otherwise. Cancellable.
  Task<Judgement> judge(PendingAction action, const anthropic::Conversation& own);
  /// Looks back at all that a subagent did: a warning, or nullopt.
  Task<std::optional<std::string>> review(const anthropic::Conversation& own);

  /// Three blocks in a row, or twenty in all: the person is asked until they allow something.
  bool is_paused() const { return in_row_ >= kMaxInRow || total_ >= kMaxInAll; }
  void resume();

  struct Refusal {
    std::string tool;
    std::string subject;  ///< what the call was about
    std::string reason;
  };
  /// A call that was not run because of what the judge said.
  void note_refusal(Refusal refusal);
  /// The latest, the last first.
  const std::deque<Refusal>& refusals() const { return refusals_; }

 private:
  static constexpr int kMaxInRow = 3;
  static constexpr int kMaxInAll = 20;
  Task<Judgement> ask(std::string content);
  Task<Result<tools::SideAnswer>> call(std::string content);
  std::string system_prompt() const;

  AutoModeOptions options_;
  tools::SideModel& side_model_;
  const anthropic::Conversation& session_;
  std::function<Task<std::string>()> get_facts_;
  std::function<Task<std::string>()> get_uncommitted_;
  std::optional<std::string> facts_;
  bool model_is_sure_ = false;  // it answered once
  int in_row_ = 0;
  int total_ = 0;
  std::deque<Refusal> refusals_;
};

/// The judge's answer, a JSON object with `verdict` and `reason`, whatever stands around it.
Judgement parse_judgement(std::string_view answer);

/// What the judge reads of a conversation: the person's words, the calls, the instruction files; the latest
/// within a bound.
std::string describe_for_judge(const anthropic::Conversation& conversation, std::string_view who_asks);

}  // namespace awl::agent
