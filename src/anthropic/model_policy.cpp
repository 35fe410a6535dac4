#include "anthropic/model_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/strings.h"

namespace awl::anthropic {

namespace {

std::string without_window(std::string_view text) {
  std::string id = to_lower(trim(text));
  if (id.ends_with("[1m]")) id.resize(id.size() - 4);
  return id;
}

bool is_family(std::string_view entry) {
  return entry == "fable" || entry == "opus" || entry == "sonnet" || entry == "haiku";
}

// "claude-sonnet-4-5" is also claude-sonnet-4-5-20250929, and not claude-sonnet-4-50.
bool is_version_of(std::string_view id, std::string_view entry) {
  return id.contains(entry) &&
         (id.ends_with(entry) || id.contains(std::string(entry) + "-") ||
          id.contains(std::string(entry) + "@") || id.contains(std::string(entry) + "["));
}

// The newest model of the family that the policy permits: of what the platform offers, of the table, of the
// policy's own ids.
std::optional<std::string> newest_permitted(const ModelPolicy& policy, Family family, const ModelList& listed,
                                            const std::function<ModelChoice(const std::string&)>& choose) {
  std::vector<std::pair<std::string, std::string>> candidates;  // date, id
  for (const ListedModel& model : listed) candidates.emplace_back(model.created_at, model.id);
  std::ranges::stable_sort(candidates, std::greater<>(), &std::pair<std::string, std::string>::first);
  for (const ModelInfo& row : model_table()) candidates.emplace_back("", row.id);
  for (const std::string& entry : *policy.available)
    if (!is_family(entry)) candidates.emplace_back("", entry);
  for (const auto& [date, id] : candidates) {
    if (find_model(id).family == family && policy.permits(choose(id))) return id;
  }
  return std::nullopt;
}

}  // namespace

bool ModelPolicy::permits(const ModelChoice& choice) const {
  if (!available) return true;
  const std::string id = without_window(choice.id);
  const std::string_view family = to_string(choice.info.family);
  bool family_listed = false;
  bool family_narrowed = false;
  for (const std::string& written : *available) {
    const std::string entry = without_window(written);
    if (is_family(entry)) {
      family_listed = family_listed || entry == family;
      continue;
    }
    if (!entry.empty() && is_version_of(id, entry)) return true;
    family_narrowed = family_narrowed || to_string(find_model(entry).family) == family;
  }
  return family_listed && !family_narrowed;
}

ModelChoice choose_permitted_model(const ModelPolicy& policy, const ModelWishes& wishes,
                                   const Environment& environment, Platform platform, bool plan_mode,
                                   const ModelList& listed, std::string& notice) {
  const auto override_id = [&policy](ModelChoice choice) {
    const auto mapped = policy.overrides.find(choice.id);
    if (mapped != policy.overrides.end()) choice.id = mapped->second;
    return choice;
  };
  const auto choose = [&](const std::string& name) {
    return choose_model({.flag = name, .settings = {}}, environment, platform, plan_mode, listed);
  };
  ModelChoice choice = choose_model(wishes, environment, platform, plan_mode, listed);
  const bool is_default = choice.source == "built-in default";
  if (policy.permits(choice) || (is_default && (!policy.enforce_default || policy.available->empty())))
    return override_id(std::move(choice));

  const bool is_alias = !choice.resolved_by.empty();
  std::optional<std::string> instead;
  if (is_alias && !is_default) instead = newest_permitted(policy, choice.info.family, listed, choose);
  if (!instead && policy.enforce_default) {
    for (const std::string& entry : *policy.available) {
      if (!policy.permits(choose(entry))) continue;
      instead = entry;
      break;
    }
  }
  ModelChoice chosen = instead ? choose(*instead) : choose("opus");
  chosen.source = "availableModels";
  if (!is_default)
    notice = fmt::format("{} ({}) is not among the models that the settings allow; {} is used instead",
                         choice.requested, choice.source, chosen.id);
  return override_id(std::move(chosen));
}

}  // namespace awl::anthropic
