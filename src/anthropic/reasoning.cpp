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
constexpr std::string_view kMax = "max";
constexpr int64_t kLeastBudget = 1'024;  // the API's minimum

bool is_level(std::string_view text) {
  return std::find(kLevels.begin(), kLevels.end(), text) != kLevels.end();
}

std::string_view wished_effort(const ReasoningWishes& wishes, const std::string& from_environment,
                               const ModelInfo& model) {
  if (is_level(from_environment)) return from_environment;
  if (from_environment == "auto") return model.default_effort;
  if (wishes.effort_flag) {
    return *wishes.effort_flag == "ultracode" ? kXhigh : std::string_view(*wishes.effort_flag);
  }
  if (wishes.ultracode) return kXhigh;
  // The settings do not take max: it is for one session.
  if (wishes.effort_settings && is_level(*wishes.effort_settings) && *wishes.effort_settings != kMax)
    return *wishes.effort_settings;
  return model.default_effort;
}

// The highest supported level at or below the wished one. What is not known takes them all.
std::string_view clamp(std::string_view level, const EffortLevels& levels) {
  if (!levels.supported) return level;
  if (level == kMax && !levels.max) level = kXhigh;
  if (level == kXhigh && !levels.xhigh) level = kHigh;
  return level;
}

std::string choose_effort(const ReasoningWishes& wishes, const Environment& environment,
                          const ModelInfo& model) {
  const std::string from_environment = to_lower(trim(environment.get("CLAUDE_CODE_EFFORT_LEVEL")));
  if (!model.effort.supported) {
    const bool forced = !model.is_known() && environment.is_on("CLAUDE_CODE_ALWAYS_ENABLE_EFFORT");
    if (!forced) return "";
  }
  std::string_view level = wished_effort(wishes, from_environment, model);
  if (level.empty()) level = kHigh;
  return std::string(clamp(level, model.effort));
}

void use_budget(Reasoning& reasoning, std::optional<long long> wished, int64_t max_output_tokens) {
  const int64_t most = max_output_tokens - 1;
  if (most < kLeastBudget) return;  // no room to think in
  reasoning.thinking = Thinking::kBudget;
  reasoning.budget_tokens = std::clamp<int64_t>(wished.value_or(most), kLeastBudget, most);
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
                           const ModelInfo& model, int64_t max_output_tokens, Platform platform) {
  Reasoning reasoning;
  reasoning.effort = choose_effort(wishes, environment, model);
  reasoning.interleaved = false;
  const auto budget = parse_integer(trim(environment.get("MAX_THINKING_TOKENS")));
  if (environment.is_on("CLAUDE_CODE_DISABLE_THINKING") || model.thinking == Thinking::kNone)
    return reasoning;  // the field is left out, whatever the model makes of that
  if ((budget == 0 || wishes.always_thinking == false) && !model.always_thinks) {
    // The direct API is told; elsewhere 0 leaves the field out. Together with the highest efforts the API
    // refuses to be told.
    const bool told = wishes.always_thinking == false || platform == Platform::kAnthropicApi;
    const bool may_say = reasoning.effort != kXhigh && reasoning.effort != kMax;
    reasoning.say_off = told && may_say && model.thinks_by_default;
    return reasoning;
  }
  const bool no_adaptive =
      model.thinking_budget_too && environment.is_on("CLAUDE_CODE_DISABLE_ADAPTIVE_THINKING");
  if (model.thinking == Thinking::kAdaptive && !no_adaptive) {
    reasoning.thinking = Thinking::kAdaptive;
  } else {
    const bool is_budget = budget && *budget > 0;
    use_budget(reasoning, is_budget ? budget : std::nullopt, max_output_tokens);
  }
  reasoning.interleaved = reasoning.thinking != Thinking::kNone && model.interleaved &&
                          !environment.is_on("DISABLE_INTERLEAVED_THINKING");
  return reasoning;
}

}  // namespace awl::anthropic
