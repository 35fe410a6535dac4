#include "hooks/hook_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "hooks/handler_parser.h"

namespace awl::hooks {

namespace {

// Events without a matcher run every hook each time.
struct KnownEvent {
  std::string_view name;
  bool has_matcher = true;
  bool can_block = false;
  bool narrow = false;     ///< its matcher holds names alone: no spaces, commas or dashes
  bool can_judge = false;  ///< a model's judgement is waited for
};

constexpr std::array<KnownEvent, 31> kEvents{{
    {.name = "SessionStart"},
    {.name = "Setup"},
    {.name = "UserPromptSubmit", .has_matcher = false, .can_block = true, .can_judge = true},
    {.name = "UserPromptExpansion", .can_block = true, .can_judge = true},
    {.name = "PreToolUse", .can_block = true, .can_judge = true},
    {.name = "PermissionRequest", .can_judge = true},
    {.name = "PermissionDenied", .can_judge = true},
    {.name = "PostToolUse", .can_judge = true},
    {.name = "PostToolUseFailure", .can_judge = true},
    {.name = "PostToolBatch", .has_matcher = false, .can_block = true, .can_judge = true},
    {.name = "Notification"},
    {.name = "MessageDisplay", .has_matcher = false},
    {.name = "SubagentStart"},
    {.name = "SubagentStop", .can_block = true, .can_judge = true},
    {.name = "TaskCreated", .has_matcher = false, .can_block = true, .can_judge = true},
    {.name = "TaskCompleted", .has_matcher = false, .can_block = true, .can_judge = true},
    {.name = "Stop", .has_matcher = false, .can_block = true, .can_judge = true},
    {.name = "StopFailure", .narrow = true},
    {.name = "TeammateIdle", .has_matcher = false, .can_block = true, .can_judge = true},
    {.name = "InstructionsLoaded"},
    {.name = "ConfigChange", .can_block = true},
    {.name = "CwdChanged", .has_matcher = false},
    {.name = "DirectoryAdded"},
    {.name = "FileChanged", .narrow = true},
    {.name = "WorktreeCreate", .has_matcher = false, .can_block = true},
    {.name = "WorktreeRemove", .has_matcher = false},
    {.name = "PreCompact", .can_block = true},
    {.name = "PostCompact"},
    {.name = "Elicitation", .can_block = true},
    {.name = "ElicitationResult", .can_block = true},
    {.name = "SessionEnd"},
}};

const KnownEvent* find_event(std::string_view name) {
  const auto found = std::ranges::find(kEvents, name, &KnownEvent::name);
  return found == kEvents.end() ? nullptr : &*found;
}

}  // namespace

bool can_block(std::string_view event) {
  const KnownEvent* known = find_event(event);
  return known != nullptr && known->can_block;
}

bool can_be_judged(std::string_view event) {
  const KnownEvent* known = find_event(event);
  return known == nullptr || known->can_judge;
}

void HookTable::add(const json::Value& hooks, const HookSource& source, std::vector<std::string>& problems) {
  if (!hooks.is_object()) {
    problems.push_back(fmt::format("{}: `hooks` must be an object of events; it is ignored", source.name));
    return;
  }
  for (const auto& [event, groups] : hooks.items()) {
    const std::string place = fmt::format("{}: hooks.{}", source.name, event);
    const KnownEvent* known = find_event(event);
    if (known == nullptr) {
      problems.push_back(fmt::format("{}: there is no such event; its hooks never run", place));
      continue;
    }
    if (!groups.is_array()) {
      problems.push_back(fmt::format("{} must be a list of matcher groups; it is ignored", place));
      continue;
    }
    for (const json::Value& item : groups) {
      const json::Value* handlers = json::find(item, "hooks");
      if (handlers == nullptr || !handlers->is_array()) {
        problems.push_back(
            fmt::format("{}: a group must be an object with a list named `hooks`; it is ignored", place));
        continue;
      }
      const std::string pattern = known->has_matcher ? json::string_or_empty(item, "matcher") : "";
      auto matcher = HookMatcher::parse(pattern, known->narrow);
      if (!matcher) {
        problems.push_back(fmt::format("{}: {}; its hooks never run", place, matcher.error().message));
        continue;
      }
      for (const json::Value& written : *handlers) {
        auto handler = parse_handler(event, written, source);
        if (!handler) {
          problems.push_back(fmt::format("{}: {}; the hook is ignored", place, handler.error().message));
          continue;
        }
        handler->scope = source.scope;
        add_handler(event, *matcher, std::move(*handler));
      }
    }
  }
}

void HookTable::add_handler(const std::string& event, HookMatcher matcher, HookHandler handler) {
  Group group{std::move(matcher), {}};
  group.handlers.push_back(std::move(handler));
  groups_[event].push_back(std::move(group));
}

std::vector<const HookHandler*> HookTable::find(std::string_view event, std::string_view name) const {
  std::vector<const HookHandler*> found;
  const auto groups = groups_.find(event);
  if (groups == groups_.end()) return found;
  std::set<std::string_view> seen;
  for (const Group& group : groups->second) {
    if (!group.matcher.matches(name)) continue;
    for (const HookHandler& handler : group.handlers) {
      if (handler.identity.empty() || seen.insert(handler.identity).second) found.push_back(&handler);
    }
  }
  return found;
}

std::vector<std::string> HookTable::matchers(std::string_view event) const {
  std::vector<std::string> texts;
  const auto groups = groups_.find(event);
  if (groups == groups_.end()) return texts;
  for (const Group& group : groups->second) texts.push_back(group.matcher.text());
  return texts;
}

std::vector<const HookHandler*> HookTable::all() const {
  std::vector<const HookHandler*> handlers;
  for (const auto& [event, groups] : groups_) {
    for (const Group& group : groups) {
      for (const HookHandler& handler : group.handlers) handlers.push_back(&handler);
    }
  }
  return handlers;
}

void HookTable::replace(std::string_view scope, const HookTable& table) {
  for (auto& [event, groups] : groups_) {
    for (Group& group : groups)
      std::erase_if(group.handlers, [scope](const HookHandler& handler) { return handler.scope == scope; });
    std::erase_if(groups, [](const Group& group) { return group.handlers.empty(); });
  }
  for (const auto& [event, groups] : table.groups_)
    groups_[event].insert(groups_[event].begin(), groups.begin(), groups.end());
  std::erase_if(groups_, [](const auto& entry) { return entry.second.empty(); });
}

void HookTable::remove(const HookHandler* handler) {
  for (auto& [event, groups] : groups_) {
    for (Group& group : groups)
      std::erase_if(group.handlers, [handler](const HookHandler& other) { return &other == handler; });
  }
}

}  // namespace awl::hooks
