#include "cli/request_setup.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"
#include "cli/thinking_flags.h"
#include "cli/version.h"

namespace awl::cli {

namespace {

constexpr size_t kMaxFallbacks = 3;
constexpr std::string_view kGeography = "inference_geo";

int64_t chosen_max_output(const Environment& environment, const anthropic::ModelInfo& info) {
  const auto wanted = parse_integer(trim(environment.get("CLAUDE_CODE_MAX_OUTPUT_TOKENS")));
  if (!wanted || *wanted <= 0) return info.default_max_output;
  if (info.max_output_limit == anthropic::kNoLimit) return *wanted;
  return std::min<int64_t>(*wanted, info.max_output_limit);
}

// The platform's operator tells its clients apart by it. Two sessions of one version have the same one: the
// prompts behind it stay shared in the cache.
std::string make_attribution(const Environment& environment) {
  const std::string wish = to_lower(trim(environment.get("CLAUDE_CODE_ATTRIBUTION_HEADER")));
  if (wish == "0" || wish == "false" || wish == "no" || wish == "off") return "";
  const std::string entry_point = environment.get("CLAUDE_CODE_ENTRYPOINT");
  constexpr size_t kMaxName = 40;
  const bool is_name = !entry_point.empty() && entry_point.size() <= kMaxName &&
                       std::all_of(entry_point.begin(), entry_point.end(), [](char c) {
                         return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                c == '-' || c == '_';
                       });
  return fmt::format("Client: {}; entry point: {}.", user_agent(), is_name ? entry_point : "cli");
}

// Models of before 4.6 refuse the field, and leaving it out would let the call run elsewhere.
bool takes_geography(const Setup& setup, const anthropic::ModelInfo& model) {
  return setup.extras.body_string(kGeography).empty() || model.has_inference_geo || !model.is_known();
}

void mind_geography(Setup& setup) {
  if (!takes_geography(setup, setup.model.info)) {
    setup.problems.push_back(
        fmt::format("CLAUDE_CODE_EXTRA_BODY sets {}, which {} does not take: the platform will refuse its "
                    "requests. Use a "
                    "model from 4.6 on.",
                    kGeography, setup.model.id));
  }
  if (!takes_geography(setup, setup.small_model.info) && takes_geography(setup, setup.model.info))
    setup.small_model = setup.model;
  const bool us_only = setup.extras.body_string(kGeography) == "us";
  setup.model.us_only = setup.small_model.us_only = us_only;
  for (anthropic::ModelChoice& model : setup.fallback_models) model.us_only = us_only;
}

}  // namespace

void choose_extras(Setup& setup, const Arguments& arguments) {
  auto extras = anthropic::read_request_extras(setup.environment, arguments.betas, setup.problems);
  if (!extras) {
    setup.request_error = std::move(extras).error();
    return;
  }
  setup.extras = std::move(*extras);
  for (const net::Header& header : setup.extras.headers)
    setup.provider.signed_headers.push_back(to_lower(header.name));
}

void choose_models(Setup& setup, const Arguments& arguments) {
  const os::Path state = state_dir(setup.environment, setup.locations.home);
  setup.left_out = load_left_out(state, setup.provider.base_url, system_clock_now());
  const auto known = load_models(state, setup.provider);
  if (known && is_fresh(*known, system_clock_now())) setup.listed_models = known->list;
  setup.model_policy = {.available = setup.settings.available_models,
                        .enforce_default = setup.settings.enforce_available_models,
                        .overrides = setup.settings.model_overrides};
  std::string notice;
  setup.model = anthropic::choose_permitted_model(
      setup.model_policy, {.flag = arguments.model, .settings = setup.settings.model},
      setup.model_environment, setup.platform, setup.mode == permission::Mode::kPlan, setup.listed_models,
      notice);
  if (!notice.empty()) setup.problems.push_back(notice);
  setup.small_model = anthropic::choose_small_model(setup.model, setup.model_environment, setup.platform,
                                                    setup.listed_models);
  setup.fallback_models = choose_fallbacks(setup, arguments);
  mind_geography(setup);
}

namespace {

std::string make_not_found_hint(const Setup& setup, const anthropic::ModelChoice& model) {
  const std::vector<std::string> near = anthropic::nearest_models(model.id, setup.listed_models);
  std::string hint = fmt::format("\"{}\" came from {}. ", model.id, model.source);
  if (!near.empty()) hint += fmt::format("Did you mean {}? ", join(near, " or "));
  return hint + "`awl models` lists what the workspace may use.";
}

}  // namespace

anthropic::RequestSettings make_request_settings(const Setup& setup, const Arguments& arguments,
                                                 const anthropic::ModelChoice& model,
                                                 const std::string& session_id,
                                                 const std::string& device_id) {
  anthropic::RequestSettings request;
  request.model = model;
  request.cache = anthropic::choose_cache_policy(setup.environment, model.info.family);
  request.session_id = session_id;
  request.device_id = device_id;
  request.user_agent = user_agent();
  request.attribution = make_attribution(setup.environment);
  request.extras = setup.extras;
  request.left_out = setup.left_out;
  request.not_found_hint = make_not_found_hint(setup, model);
  request.max_output_tokens = chosen_max_output(setup.environment, model.info);
  // Flags of one run beat the settings.
  std::optional<bool> thinking = setup.settings.always_thinking_enabled;
  if (arguments.thinking) thinking = *arguments.thinking != "disabled";
  if (!arguments.thinking && arguments.max_thinking_tokens) thinking = *arguments.max_thinking_tokens > 0;
  const anthropic::ReasoningWishes wishes{.effort_flag = arguments.effort,
                                          .effort_settings = setup.settings.effort_level,
                                          .ultracode = setup.settings.ultracode.value_or(false),
                                          .always_thinking = thinking};
  request.reasoning = anthropic::choose_reasoning(wishes, with_thinking_flags(setup.environment, arguments),
                                                  model.info, request.max_output_tokens, setup.platform);
  request.reasoning.display = arguments.thinking_display;
  return request;
}

std::optional<anthropic::ModelChoice> choose_wished_model(const Setup& setup, const std::string& wish) {
  const bool plan = setup.mode == permission::Mode::kPlan;
  std::string notice;
  anthropic::ModelChoice model = anthropic::choose_permitted_model(
      setup.model_policy, {.flag = wish, .settings = {}}, setup.model_environment, setup.platform, plan,
      setup.listed_models, notice);
  if (notice.empty()) return model;
  // Another version of the same family is what was meant.
  const anthropic::ModelChoice meant = anthropic::choose_model(
      {.flag = wish, .settings = {}}, setup.model_environment, setup.platform, plan, setup.listed_models);
  if (meant.resolved_by.empty() || meant.info.family != model.info.family) return std::nullopt;
  return model;
}

// At most three, each once, and never the session's own model.
std::vector<anthropic::ModelChoice> choose_fallbacks(const Setup& setup, const Arguments& arguments) {
  std::vector<std::string> wishes = setup.settings.fallback_models.value_or(std::vector<std::string>{});
  if (arguments.fallback_model) {
    wishes.clear();
    for (const std::string_view part : split(*arguments.fallback_model, ',')) wishes.emplace_back(trim(part));
  }
  std::vector<anthropic::ModelChoice> models;
  for (const std::string& wish : wishes) {
    if (wish.empty() || models.size() == kMaxFallbacks) continue;
    auto model = choose_wished_model(setup, wish);
    if (!model) continue;
    const auto same = [&model](const anthropic::ModelChoice& other) { return other.id == model->id; };
    if (same(setup.model) || std::any_of(models.begin(), models.end(), same)) continue;
    models.push_back(std::move(*model));
  }
  return models;
}

}  // namespace awl::cli
