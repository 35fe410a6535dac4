// How hard the model thinks: the effort level and extended thinking. Source: product documentation,
// "model-config".
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "anthropic/models.h"
#include "base/environment.h"
#include "base/error.h"

namespace awl::anthropic {

/// What the person said, apart from the environment.
struct ReasoningWishes {
  std::optional<std::string> effort_flag;      ///< --effort
  std::optional<std::string> effort_settings;  ///< effortLevel
  bool ultracode = false;                      ///< the setting of that name: xhigh
  std::optional<bool> always_thinking;         ///< alwaysThinkingEnabled
};

struct Reasoning {
  std::string effort;  ///< output_config.effort; empty: not sent
  Thinking thinking = Thinking::kNone;
  bool say_off = false;       ///< the model would think unasked: the request says that it must not
  int64_t budget_tokens = 0;  ///< with Thinking::kBudget; below max_tokens
  std::string display;        ///< summarized or omitted: how thinking is shown; empty: the model's own way
  bool interleaved = true;    ///< thinking between tool calls may be asked for
};

/// For calls beside the conversation: as little thinking as the model allows.
Reasoning least_reasoning(const ModelInfo& model);

/// kInvalidInput: not one of low, medium, high, xhigh, max (or ultracode, which is xhigh here).
Result<> check_effort(std::string_view level);

/// CLAUDE_CODE_EFFORT_LEVEL, --effort, ultracode, effortLevel, the model's default, clamped to what the model
/// supports; models that are not known get none unless CLAUDE_CODE_ALWAYS_ENABLE_EFFORT is on. Thinking is
/// adaptive where the model can, else a budget below `max_output_tokens`. MAX_THINKING_TOKENS,
/// CLAUDE_CODE_DISABLE_THINKING, CLAUDE_CODE_DISABLE_ADAPTIVE_THINKING and DISABLE_INTERLEAVED_THINKING
/// change that.
Reasoning choose_reasoning(const ReasoningWishes& wishes, const Environment& environment,
                           const ModelInfo& model, int64_t max_output_tokens, Platform platform);

}  // namespace awl::anthropic
