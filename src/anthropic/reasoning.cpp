#include "anthropic/reasoning.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/strings.h"

namespace awl::anthropic {

namespace {

constexpr std::array<std::string_view, 5> kLevels{"low", "medium", "high", "xhigh", "max"};
constexpr std::string_view kHigh = "high";
constexpr std::string_view kXhigh = "xhigh";
constexpr int64_t kLeastBudget = 1'024;  // the API's minimum

bool is_level(std::string_view text) {
  return std::find(kLevels.begin(), kLevels.end(), text) != kLevels.end();
}

std::string_view wished_effort(const ReasoningWishes& wishes, const std::string& from_environment,
                               const ModelInfo& model) {
  if (is_level(from_environment)) return from_environment;
  if (wishes.effort_flag && from_environment != "auto") {
    return *wishes.effort_flag == "ultracode" ? kXhigh : std::string_view(*wishes.effort_flag);
  }
  // The settings do not take max: it is for one session.
  if (wishes.effort_settings && from_environment != "auto" && is_level(*wishes.effort_settings) &&
      *wishes.effort_settings != "max") {
    return *wishes.effort_settings;
  }
  return model.default_effort;
}

std::string choose_effort(const ReasoningWishes& wishes, const Environment& environment,
                          const ModelInfo& model) {
  const std::string from_environment = to_lower(trim(environment.get("CLAUDE_CODE_EFFORT_LEVEL")));
  if (model.effort == EffortLevels::kNone) {
    const bool forced = model.id.empty() && environment.is_on("CLAUDE_CODE_ALWAYS_ENABLE_EFFORT");
    if (!forced) return "";
  }
  std::string_view level = wished_effort(wishes, from_environment, model);
  if (level.empty()) level = kHigh;
  if (level == kXhigh && model.effort == EffortLevels::kWithoutXhigh) level = kHigh;
  return std::string(level);
}

void use_budget(Reasoning& reasoning, std::optional<long long> wished, int64_t max_output_tokens) {
  const int64_t budget = std::min<int64_t>(wished.value_or(max_output_tokens - 1), max_output_tokens - 1);
  if (budget < kLeastBudget) return;  // no room to think in
  reasoning.thinking = Thinking::kBudget;
  reasoning.budget_tokens = budget;
}

}  // namespace

Reasoning least_reasoning(const ModelInfo& model) {
  Reasoning reasoning;
  reasoning.say_off = model.thinks_by_default && !model.always_thinks;
  reasoning.interleaved = false;
  return reasoning;
}

Result<> check_effort(std::string_view level) {
  if (is_level(level) || level == "ultracode") return {};
  return fail(ErrorKind::kInvalidInput, fmt::format("--effort: \"{}\" is not a level", level),
              "Use low, medium, high, xhigh or max.");
}

Reasoning choose_reasoning(const ReasoningWishes& wishes, const Environment& environment,
                           const ModelInfo& model, int64_t max_output_tokens) {
  Reasoning reasoning;
  reasoning.effort = choose_effort(wishes, environment, model);
  reasoning.interleaved = !environment.is_on("DISABLE_INTERLEAVED_THINKING");
  const auto budget = parse_integer(trim(environment.get("MAX_THINKING_TOKENS")));
  const bool off =
      environment.is_on("CLAUDE_CODE_DISABLE_THINKING") || budget == 0 || wishes.always_thinking == false;
  if (model.thinking == Thinking::kNone || (off && !model.always_thinks)) return reasoning;
  const bool no_adaptive =
      model.thinking_budget_too && environment.is_on("CLAUDE_CODE_DISABLE_ADAPTIVE_THINKING");
  if (model.thinking == Thinking::kAdaptive && !no_adaptive) {
    reasoning.thinking = Thinking::kAdaptive;
  } else {
    use_budget(reasoning, budget, max_output_tokens);
  }
  return reasoning;
}

}  // namespace awl::anthropic
