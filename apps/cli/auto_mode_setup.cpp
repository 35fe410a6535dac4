#include "cli/auto_mode_setup.h"

#include <fmt/format.h>

#include "agent/tool_policy.h"
#include "cli/request_setup.h"

namespace awl::cli {

namespace {

constexpr std::string_view kDefaults = "$defaults";
// Product documentation, "permission-modes", "Cost and latency".
constexpr std::string_view kJudge = "claude-sonnet-5";

std::vector<std::string> filled_in(const std::optional<std::vector<std::string>>& written,
                                   const std::vector<std::string>& defaults) {
  if (!written) return defaults;
  std::vector<std::string> rules;
  for (const std::string& rule : *written) {
    if (rule == kDefaults)
      rules.insert(rules.end(), defaults.begin(), defaults.end());
    else
      rules.push_back(rule);
  }
  return rules;
}

std::string why_unavailable(const Setup& setup) {
  if (setup.settings.disable_auto_mode) return "the mode auto is switched off by the settings";
  const bool direct = setup.platform == anthropic::Platform::kClaudePlatformOnAws ||
                      setup.platform == anthropic::Platform::kAnthropicApi;
  if (agent::has_auto_mode(setup.model.id, direct)) return "";
  return fmt::format(
      "the mode auto does not exist with the model {}: it needs {}", setup.model.id,
      direct ? "Opus 4.6, Sonnet 4.6, Fable 5 or newer" : "Opus 4.7, Sonnet 5, Fable 5 or newer");
}

// Another model than the session's own is tried first; empty: there is none.
std::string choose_judge(const Setup& setup) {
  if (setup.model.id.contains("claude-sonnet-4-6")) return "";
  if (choose_wished_model(setup, std::string(kJudge))) return std::string(kJudge);
  return setup.model.info.family == anthropic::Family::kFable ? "opus" : "";
}

}  // namespace

agent::AutoModeRules make_auto_mode_rules(const config::AutoModeTexts& texts) {
  const agent::AutoModeRules defaults = agent::default_auto_mode_rules();
  return {.environment = filled_in(texts.environment, defaults.environment),
          .allow = filled_in(texts.allow, defaults.allow),
          .soft_deny = filled_in(texts.soft_deny, defaults.soft_deny),
          .hard_deny = filled_in(texts.hard_deny, defaults.hard_deny)};
}

void choose_auto_mode(Setup& setup) {
  setup.auto_mode = {.rules = make_auto_mode_rules(setup.settings.auto_mode),
                     .model = choose_judge(setup),
                     .unavailable = why_unavailable(setup),
                     .classify_all_shell = setup.settings.auto_mode.classify_all_shell,
                     .during_plan = !setup.settings.no_auto_mode_during_plan};
  if (setup.mode != permission::Mode::kAuto || setup.auto_mode.unavailable.empty()) return;
  setup.problems.push_back(setup.auto_mode.unavailable + "; the mode is default");
  setup.mode = permission::Mode::kDefault;
}

}  // namespace awl::cli
