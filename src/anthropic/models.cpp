#include "anthropic/models.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "anthropic/bedrock.h"
#include "aws/region.h"
#include "base/strings.h"

namespace awl::anthropic {

namespace {

constexpr std::string_view kLongContextSuffix = "[1m]";
constexpr std::string_view kBuiltInDefault = "opus";

struct Alias {
  std::string_view name;
  Family family;
  std::string_view variable;
  std::string_view on_aws;  // the built-in id there
  std::string_view on_api;
  std::string_view on_bedrock;  // as a bare id
  std::string_view on_foundry;
};

constexpr std::array kAliases{
    Alias{"fable", Family::kFable, "ANTHROPIC_DEFAULT_FABLE_MODEL", "claude-fable-5", "claude-fable-5",
          "claude-fable-5", "claude-fable-5"},
    Alias{"opus", Family::kOpus, "ANTHROPIC_DEFAULT_OPUS_MODEL", "claude-opus-5", "claude-opus-5",
          "claude-opus-5", "claude-opus-4-6"},
    Alias{"sonnet", Family::kSonnet, "ANTHROPIC_DEFAULT_SONNET_MODEL", "claude-sonnet-4-6", "claude-sonnet-5",
          "claude-sonnet-4-5", "claude-sonnet-4-5"},
    Alias{"haiku", Family::kHaiku, "ANTHROPIC_DEFAULT_HAIKU_MODEL", "claude-haiku-4-5-20251001",
          "claude-haiku-4-5-20251001", "claude-haiku-4-5", "claude-haiku-4-5"},
};

std::string_view built_in(const Alias& alias, Platform platform) {
  switch (platform) {
    case Platform::kClaudePlatformOnAws:
      return alias.on_aws;
    case Platform::kBedrock:
      return alias.on_bedrock;
    case Platform::kFoundry:
      return alias.on_foundry;
    case Platform::kAnthropicApi:
      break;
  }
  return alias.on_api;
}

const Alias* find_alias(std::string_view name) {
  const auto* found =
      std::find_if(kAliases.begin(), kAliases.end(), [name](const Alias& a) { return a.name == name; });
  return found == kAliases.end() ? nullptr : found;
}

bool take_suffix(std::string& text) {
  if (!to_lower(text).ends_with(kLongContextSuffix)) return false;
  text.resize(text.size() - kLongContextSuffix.size());
  return true;
}

bool is_clearing(std::string_view wish) { return wish.empty() || wish == "default"; }

// ANTHROPIC_DEFAULT_MODEL does not take these (model-config, "Set a default model for new sessions").
bool is_no_default(std::string_view wish) {
  return is_clearing(wish) || wish == "inherit" || wish == "opusplan" || wish == "haiku";
}

void pick(ModelChoice& choice, const ModelWishes& wishes, const Environment& environment) {
  const std::string from_environment = environment.get("ANTHROPIC_MODEL");
  const std::string default_model = environment.get("ANTHROPIC_DEFAULT_MODEL");
  if (wishes.flag && !is_clearing(*wishes.flag)) {
    choice.requested = *wishes.flag;
    choice.source = "--model";
  } else if (!wishes.flag && !is_clearing(from_environment)) {
    choice.requested = from_environment;
    choice.source = "ANTHROPIC_MODEL";
  } else if (!wishes.flag && from_environment.empty() && wishes.settings && !is_clearing(*wishes.settings)) {
    choice.requested = *wishes.settings;
    choice.source = "settings";
  } else if (!is_no_default(default_model)) {
    choice.requested = default_model;
    choice.source = "ANTHROPIC_DEFAULT_MODEL";
  } else {
    choice.requested = kBuiltInDefault;
    choice.source = "built-in default";
  }
}

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_alphanumeric(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

// What follows a row's id in another one is a minor version: "-9" in claude-opus-4-9 is, a date is not. The
// "-0" of claude-opus-4-0 is another way to write Opus 4.
bool is_minor_version(std::string_view rest) {
  if (rest.size() < 2 || rest[0] != '-' || !is_digit(rest[1])) return false;
  const size_t digits = std::find_if_not(rest.begin() + 1, rest.end(), is_digit) - rest.begin() - 1;
  return digits <= 2 && rest.substr(1, digits) != "0";
}

// True when `id` is the model of a row: its id, with whatever a gateway puts before it and a date or a build
// after it.
bool names(std::string_view id, std::string_view row) {
  for (size_t at = id.find(row); at != std::string_view::npos; at = id.find(row, at + 1)) {
    const std::string_view rest = id.substr(at + row.size());
    const bool begins = at == 0 || !is_alphanumeric(id[at - 1]);
    const bool ends = rest.empty() || !is_alphanumeric(rest[0]);
    if (begins && ends && !is_minor_version(rest)) return true;
  }
  return false;
}

// The newest of a family that the platform offers, or nullptr.
const ListedModel* newest(const ModelList& listed, Family family) {
  const std::string part = fmt::format("claude-{}-", to_string(family));
  const ListedModel* best = nullptr;
  for (const ListedModel& model : listed) {
    if (!model.id.starts_with(part)) continue;
    // RFC 3339 dates compare as text; without one the platform's order counts.
    if (best == nullptr || model.created_at > best->created_at) best = &model;
  }
  return best;
}

std::string resolve(const Alias& alias, const Environment& environment, Platform platform,
                    const ModelList& listed, ModelChoice& choice) {
  if (std::string pinned = environment.get(alias.variable); !pinned.empty()) {
    choice.pin = alias.variable;
    choice.resolved_by = alias.variable;
    if (take_suffix(pinned)) choice.long_context = true;
    return pinned;
  }
  if (const ListedModel* model = newest(listed, alias.family)) {
    choice.resolved_by = "model list";
    return model->id;
  }
  choice.resolved_by = "built-in table";
  return std::string(built_in(alias, platform));
}

// What the platform says of a model that is newer than the table.
void learn(ModelInfo& info, const ListedModel* listed) {
  if (listed == nullptr) return;
  if (listed->max_input_tokens > 0) info.context_window = listed->max_input_tokens;
  if (listed->max_output_tokens > 0) {
    info.max_output_limit = listed->max_output_tokens;
    info.default_max_output = std::min(info.default_max_output, listed->max_output_tokens);
  }
  if (!listed->has_capabilities) return;
  info.effort = {.supported = listed->effort, .xhigh = listed->effort_xhigh, .max = listed->effort_max};
  info.default_effort = listed->effort ? "high" : "";
  info.thinking = listed->thinking_adaptive ? Thinking::kAdaptive
                  : listed->thinking_budget ? Thinking::kBudget
                                            : Thinking::kNone;
}

bool is_same_model(std::string_view configured, std::string_view id) {
  std::string name(trim(configured));
  take_suffix(name);
  return !name.empty() && name == id;
}

// ..._SUPPORTED_CAPABILITIES of the pin that names this model: what is listed it can, what is not it cannot.
void declare_capabilities(ModelChoice& choice, const Environment& environment) {
  std::vector<std::string> variables;
  for (const Alias& alias : kAliases) variables.emplace_back(alias.variable);
  variables.emplace_back("ANTHROPIC_CUSTOM_MODEL_OPTION");
  for (const std::string& variable : variables) {
    const auto declared = environment.find(variable + "_SUPPORTED_CAPABILITIES");
    if (!declared || trim(*declared).empty() || !is_same_model(environment.get(variable), choice.id))
      continue;
    std::vector<std::string> words;
    for (const std::string_view word : split(*declared, ',')) words.push_back(to_lower(trim(word)));
    const auto has = [&words](std::string_view word) {
      return std::find(words.begin(), words.end(), word) != words.end();
    };
    ModelInfo& info = choice.info;
    info.effort = {.supported = has("effort") || has("xhigh_effort") || has("max_effort"),
                   .xhigh = has("xhigh_effort"),
                   .max = has("max_effort")};
    if (!info.effort.supported) info.default_effort = "";
    if (info.effort.supported && info.default_effort.empty()) info.default_effort = "high";
    info.thinking = has("adaptive_thinking") ? Thinking::kAdaptive
                    : has("thinking")        ? Thinking::kBudget
                                             : Thinking::kNone;
    info.thinking_budget_too = info.thinking_budget_too && has("thinking");
    if (info.thinking == Thinking::kNone) info.always_thinks = info.thinks_by_default = false;
    info.interleaved = has("interleaved_thinking");
    return;
  }
}

constexpr int64_t kShortWindow = 200'000;

// Product documentation, "model-config", "Correct the window for a gateway or custom model ID".
void choose_window(ModelChoice& choice, const Environment& environment) {
  const bool hold = environment.is_on("CLAUDE_CODE_DISABLE_1M_CONTEXT");
  const bool claude = choice.info.is_known() || to_lower(choice.id).starts_with("claude-");
  const bool asked_for_long = choice.long_context;
  if (hold) choice.long_context = false;
  choice.context_window = choice.long_context ? kLongWindow : choice.info.context_window;
  if (hold) choice.context_window = std::min(choice.context_window, kShortWindow);
  choice.window_is_sure = choice.info.is_known() || choice.info.context_window != ModelInfo().context_window;
  const auto declared = parse_integer(trim(environment.get("CLAUDE_CODE_MAX_CONTEXT_TOKENS")));
  if (!declared || *declared <= 0) return;
  if (claude ? !environment.is_on("DISABLE_COMPACT") : asked_for_long && !hold) return;
  choice.context_window = *declared;
  choice.window_is_sure = true;
}

}  // namespace

std::string_view to_string(Family family) {
  switch (family) {
    case Family::kFable:
      return "fable";
    case Family::kOpus:
      return "opus";
    case Family::kSonnet:
      return "sonnet";
    case Family::kHaiku:
      return "haiku";
    case Family::kUnknown:
      return "unknown";
  }
  return "unknown";
}

ModelInfo find_model(std::string_view id) {
  const ModelInfo* best = nullptr;
  for (const ModelInfo& row : model_table()) {
    if (names(id, row.id) && (best == nullptr || row.id.size() > best->id.size())) best = &row;
  }
  if (best != nullptr) return *best;
  ModelInfo unknown;
  unknown.thinking = Thinking::kAdaptive;
  for (const ModelInfo& row : model_table()) {
    if (row.family == Family::kUnknown || id.find(to_string(row.family)) == std::string_view::npos) continue;
    unknown.family = row.family;
    unknown.pricing = row.pricing;
    break;
  }
  return unknown;
}

ModelChoice choose_small_model(const ModelChoice& main, const Environment& environment, Platform platform,
                               const ModelList& listed) {
  const std::string old_name = std::string(trim(environment.get("ANTHROPIC_SMALL_FAST_MODEL")));
  const bool chosen = environment.has("ANTHROPIC_DEFAULT_HAIKU_MODEL") || !old_name.empty();
  // Haiku may not be enabled there: who names none gets what the conversation uses.
  if (!chosen && (platform == Platform::kBedrock || platform == Platform::kFoundry)) {
    ModelChoice choice = main;
    // Who chose no model at all should not pay for the largest one in the background.
    if (platform == Platform::kBedrock && main.source == "built-in default" &&
        !environment.has("ANTHROPIC_DEFAULT_OPUS_MODEL"))
      choice = choose_model({.flag = "sonnet", .settings = {}}, environment, platform, /*plan_mode=*/false,
                            listed);
    choice.source = "small model";
    return choice;
  }
  const bool use_old_name = !environment.has("ANTHROPIC_DEFAULT_HAIKU_MODEL") && !old_name.empty();
  ModelChoice choice = choose_model({.flag = use_old_name ? old_name : "haiku", .settings = {}}, environment,
                                    platform, /*plan_mode=*/false, listed);
  choice.source = use_old_name ? "ANTHROPIC_SMALL_FAST_MODEL" : "small model";
  return choice;
}

ModelChoice choose_model(const ModelWishes& wishes, const Environment& environment, Platform platform,
                         bool plan_mode, const ModelList& listed) {
  ModelChoice choice;
  pick(choice, wishes, environment);
  std::string name = choice.requested;
  choice.long_context = take_suffix(name);
  if (name == "opusplan") name = plan_mode ? "opus" : "sonnet";
  // `best` is Fable where the organisation has it: its pin or the platform's list says so.
  if (name == "best") {
    const bool has_fable =
        environment.has("ANTHROPIC_DEFAULT_FABLE_MODEL") || newest(listed, Family::kFable) != nullptr;
    name = has_fable ? "fable" : "opus";
  }
  Family family = Family::kUnknown;
  if (const Alias* alias = find_alias(to_lower(name))) {
    family = alias->family;
    name = resolve(*alias, environment, platform, listed, choice);
  }
  choice.id =
      platform == Platform::kBedrock
          ? bedrock_model_id(name, bedrock_prefix(environment, aws::resolve_region(environment).region))
          : name;
  choice.info = find_model(name);
  if (!choice.info.is_known()) learn(choice.info, find_listed(listed, name));
  // A pin may be any id; the alias says what family it stands for.
  if (choice.info.family == Family::kUnknown) choice.info.family = family;
  if (platform != Platform::kAnthropicApi) declare_capabilities(choice, environment);
  choose_window(choice, environment);
  return choice;
}

std::vector<std::pair<std::string, std::string>> model_pins(const Environment& environment) {
  std::vector<std::pair<std::string, std::string>> pins;
  for (const Alias& alias : kAliases) {
    const std::string value = environment.get(alias.variable);
    if (!value.empty()) pins.emplace_back(alias.variable, value);
  }
  return pins;
}

}  // namespace awl::anthropic
