#include "cli/request_setup.h"

#include <algorithm>

#include "base/strings.h"
#include "cli/thinking_flags.h"
#include "cli/version.h"

namespace awl::cli {

namespace {

constexpr size_t kMaxFallbacks = 3;

int64_t chosen_max_output(const Environment& environment, const anthropic::ModelInfo& info) {
  const auto wanted = parse_integer(trim(environment.get("CLAUDE_CODE_MAX_OUTPUT_TOKENS")));
  if (!wanted || *wanted <= 0) return info.default_max_output;
  return std::min<int64_t>(*wanted, info.max_output_limit);
}

}  // namespace

anthropic::RequestSettings make_request_settings(const Setup& setup, const Arguments& arguments,
                                                 const anthropic::ModelChoice& model,
                                                 const std::string& session_id) {
  anthropic::RequestSettings request;
  request.model = model;
  request.cache = anthropic::choose_cache_policy(setup.environment, model.info.family);
  request.session_id = session_id;
  request.user_agent = user_agent();
  request.max_output_tokens = chosen_max_output(setup.environment, model.info);
  request.reasoning = anthropic::choose_reasoning(
      {arguments.effort, setup.settings.effort_level, setup.settings.always_thinking_enabled},
      with_thinking_flags(setup.environment, arguments), model.info, request.max_output_tokens);
  return request;
}

// At most three, each once, and never the session's own model.
std::vector<anthropic::ModelChoice> choose_fallbacks(const Setup& setup, const Arguments& arguments,
                                                     anthropic::Platform platform) {
  std::vector<std::string> wishes = setup.settings.fallback_models.value_or(std::vector<std::string>{});
  if (arguments.fallback_model) {
    wishes.clear();
    for (const std::string_view part : split(*arguments.fallback_model, ',')) wishes.emplace_back(trim(part));
  }
  std::vector<anthropic::ModelChoice> models;
  for (const std::string& wish : wishes) {
    if (wish.empty() || models.size() == kMaxFallbacks) continue;
    anthropic::ModelChoice model = anthropic::choose_model({.flag = wish, .settings = {}}, setup.environment,
                                                           platform, /*plan_mode=*/false);
    const auto same = [&model](const anthropic::ModelChoice& other) { return other.id == model.id; };
    if (same(setup.model) || std::any_of(models.begin(), models.end(), same)) continue;
    models.push_back(std::move(model));
  }
  return models;
}

}  // namespace awl::cli
