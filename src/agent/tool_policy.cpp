#include "agent/tool_policy.h"

#include <algorithm>
#include <array>

#include "base/strings.h"

namespace awl::agent {

namespace {

constexpr std::string_view kAuto = "auto";

// Also the dated names of the first models of the fourth generation: claude-opus-4-20250514.
constexpr std::array<std::string_view, 8> kOlderModels = {
    "claude-2",        "claude-instant",  "claude-3",          "claude-opus-4-0",
    "claude-opus-4-1", "claude-opus-4-2", "claude-sonnet-4-0", "claude-sonnet-4-2"};

constexpr std::string_view kTaskListTools[] = {"TaskCreate", "TaskGet", "TaskUpdate", "TaskList"};

// The number at the start of `text`, which is taken off with the dash behind it. 0: none.
int take_number(std::string_view& text) {
  const std::string_view digits = text.substr(0, text.find('-'));
  text.remove_prefix(std::min(digits.size() + 1, text.size()));
  // A date is no version.
  const auto number = digits.size() <= 2 ? parse_integer(digits) : std::nullopt;
  return static_cast<int>(number.value_or(0));
}

// True from version major.minor on of claude-<family>.
bool is_from(std::string_view model_id, std::string_view family, int major, int minor) {
  if (!model_id.starts_with(family)) return false;
  model_id.remove_prefix(family.size());
  const int has_major = take_number(model_id);
  const int has_minor = take_number(model_id);
  return has_major > major || (has_major == major && has_minor >= minor);
}

bool does_without_task_tools(std::string_view model_id) {
  return is_from(model_id, "claude-opus-", 4, 8) || is_from(model_id, "claude-sonnet-", 5, 0) ||
         is_from(model_id, "claude-fable-", 5, 0) || is_from(model_id, "claude-mythos-", 5, 0);
}

}  // namespace

ToolSearchPolicy choose_tool_search(const Environment& environment, bool forwards_references) {
  using Mode = ToolSearchPolicy::Mode;
  ToolSearchPolicy policy;
  if (environment.is_on("CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS")) return policy;
  const std::string wish = to_lower(trim(environment.get("ENABLE_TOOL_SEARCH")));
  if (wish == kAuto || wish.starts_with("auto:")) {
    policy.mode = Mode::kAuto;
    const auto percent =
        wish == kAuto ? std::nullopt : parse_integer(trim(std::string_view(wish).substr(kAuto.size() + 1)));
    if (percent && *percent >= 0 && *percent <= 100) policy.threshold_percent = static_cast<int>(*percent);
  } else if (wish.empty()) {
    policy.mode = forwards_references ? Mode::kOn : Mode::kOff;
  } else {
    policy.mode = environment.is_on("ENABLE_TOOL_SEARCH") ? Mode::kOn : Mode::kOff;
  }
  return policy;
}

bool knows_tool_references(std::string_view model_id) {
  return std::ranges::none_of(kOlderModels,
                              [model_id](std::string_view start) { return model_id.starts_with(start); }) &&
         model_id != "claude-opus-4" && model_id != "claude-sonnet-4";
}

TaskTools choose_task_tools(const Environment& environment, std::string_view model_id,
                            const std::vector<std::string>& named) {
  const bool wanted = environment.is_on("CLAUDE_CODE_ENABLE_TODO_TOOLS") ||
                      std::ranges::any_of(named, [](const std::string& n) {
                        return is_task_list_tool(n) || n == "TodoWrite";
                      });
  if (!wanted && does_without_task_tools(model_id)) return TaskTools::kNone;
  const bool todos =
      environment.has("CLAUDE_CODE_ENABLE_TASKS") && !environment.is_on("CLAUDE_CODE_ENABLE_TASKS");
  return todos ? TaskTools::kTodos : TaskTools::kList;
}

bool has_auto_mode(std::string_view model_id, bool direct) {
  // Behind a prefix of a region or a gateway, too.
  if (const size_t at = model_id.find("claude-"); at != std::string_view::npos) model_id.remove_prefix(at);
  const int opus = direct ? 6 : 7;
  return is_from(model_id, "claude-opus-", 4, opus) || is_from(model_id, "claude-fable-", 5, 0) ||
         is_from(model_id, "claude-mythos-", 5, 0) ||
         (direct ? is_from(model_id, "claude-sonnet-", 4, 6) : is_from(model_id, "claude-sonnet-", 5, 0));
}

bool is_task_list_tool(std::string_view name) {
  return std::ranges::find(kTaskListTools, name) != std::end(kTaskListTools);
}

}  // namespace awl::agent
