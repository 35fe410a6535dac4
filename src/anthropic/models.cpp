#include "anthropic/models.h"

#include <algorithm>
#include <array>

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
};

constexpr std::array kAliases{
    Alias{"fable", Family::kFable, "ANTHROPIC_DEFAULT_FABLE_MODEL", "claude-fable-5", "claude-fable-5"},
    Alias{"opus", Family::kOpus, "ANTHROPIC_DEFAULT_OPUS_MODEL", "claude-opus-5", "claude-opus-5"},
    Alias{"sonnet", Family::kSonnet, "ANTHROPIC_DEFAULT_SONNET_MODEL", "claude-sonnet-4-6",
          "claude-sonnet-5"},
    Alias{"haiku", Family::kHaiku, "ANTHROPIC_DEFAULT_HAIKU_MODEL", "claude-haiku-4-5-20251001",
          "claude-haiku-4-5-20251001"},
};

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
    const bool matches = id == row.id || (id.starts_with(row.id) && id[row.id.size()] == '-');
    if (matches && (best == nullptr || row.id.size() > best->id.size())) best = &row;
  }
  if (best != nullptr) return *best;
  ModelInfo unknown;
  unknown.thinking = Thinking::kAdaptive;
  for (const ModelInfo& row : model_table()) {
    if (id.find(to_string(row.family)) == std::string_view::npos) continue;
    unknown.family = row.family;
    unknown.pricing = row.pricing;
    break;
  }
  return unknown;
}

ModelChoice choose_small_model(const Environment& environment, Platform platform) {
  const std::string old_name = std::string(trim(environment.get("ANTHROPIC_SMALL_FAST_MODEL")));
  const bool use_old_name = !environment.has("ANTHROPIC_DEFAULT_HAIKU_MODEL") && !old_name.empty();
  ModelChoice choice = choose_model({.flag = use_old_name ? old_name : "haiku", .settings = {}}, environment,
                                    platform, /*plan_mode=*/false);
  choice.source = use_old_name ? "ANTHROPIC_SMALL_FAST_MODEL" : "small model";
  return choice;
}

ModelChoice choose_model(const ModelWishes& wishes, const Environment& environment, Platform platform,
                         bool plan_mode) {
  ModelChoice choice;
  pick(choice, wishes, environment);
  std::string name = choice.requested;
  choice.long_context = take_suffix(name);
  if (name == "opusplan") name = plan_mode ? "opus" : "sonnet";
  // `best` is Fable where the organisation has it; only its pin says so before the first request.
  if (name == "best") name = environment.has("ANTHROPIC_DEFAULT_FABLE_MODEL") ? "fable" : "opus";
  Family family = Family::kUnknown;
  if (const Alias* alias = find_alias(to_lower(name))) {
    family = alias->family;
    const std::string pinned = environment.get(alias->variable);
    if (pinned.empty()) {
      name = platform == Platform::kClaudePlatformOnAws ? alias->on_aws : alias->on_api;
    } else {
      choice.pin = alias->variable;
      name = pinned;
      if (take_suffix(name)) choice.long_context = true;
    }
  }
  choice.id = name;
  choice.info = find_model(name);
  // A pin may be any id; the alias says what family it stands for.
  if (choice.info.family == Family::kUnknown) choice.info.family = family;
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
