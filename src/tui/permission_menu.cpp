#include "tui/permission_menu.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/columns.h"
#include "base/strings.h"
#include "protocol/permission_update.h"
#include "tui/tool_view.h"

namespace awl::tui {

namespace {

// Rows that the question itself takes beside the call.
constexpr int kOwnRows = 12;
constexpr int kLeastCallRows = 5;
constexpr size_t kMaxReason = 400;

bool is_edit(const std::string& tool) { return tool == "Edit" || tool == "Write" || tool == "NotebookEdit"; }

std::string question_of(const std::string& tool) {
  if (tool == "Bash") return "Run this command?";
  if (is_edit(tool)) return "Make this change?";
  if (tool == "WebFetch" || tool == "WebSearch") return "Let it ask the network?";
  return "Let it do this?";
}

}  // namespace

PermissionMenu::Made PermissionMenu::make(const protocol::PermissionQuestion& question, Size size,
                                          const Theme& theme, bool saves_rules) {
  Made made;
  const auto parsed = json::parse(question.input_json);
  const json::Value input = parsed ? *parsed : json::Value::object();
  const std::string tool = printable(question.tool_name, kMaxReason);
  auto call = describe_call(question.tool_name, input, size.columns - 4, theme);
  const auto room = static_cast<size_t>(std::max(size.rows - kOwnRows, kLeastCallRows));
  const bool whole = call.size() <= room;
  if (!whole) {
    const size_t more = call.size() - room;
    call.resize(room);
    call.push_back(theme.paint(kWarning, fmt::format("… {} more lines are not shown", more)));
  }
  std::vector<std::string>& head = made.text.head;
  head.push_back(theme.paint(kAccent, horizontal_rule(size.columns - 1)));
  head.push_back(theme.paint(kBold, tool) +
                 (question.agent_id.empty() ? "" : theme.paint(kDim, "  of a subagent")));
  for (const std::string& line : call) head.push_back("  " + line);
  for (std::string& line : wrap(theme.paint(kDim, printable(question.reason, kMaxReason)), size.columns - 2))
    head.push_back(std::move(line));
  head.emplace_back(question_of(question.tool_name));

  const auto add = [&made](Action action, std::string label, bool takes_comment = false) {
    made.options.push_back({std::move(label), "", takes_comment});
    made.actions.push_back(action);
  };
  const auto add_rules = [&](Action action, const std::vector<std::string>& rules) {
    const std::string label = "Yes, and save the rule " + join(rules, ", ");
    const bool fits = count_columns(label) <= size.columns - 6 && printable(label, label.size()) == label;
    if (!rules.empty() && whole && saves_rules && fits) add(action, label);
  };
  const bool comments = tool != "WebFetch";
  add(Action::kOnce, "Yes", comments);
  add_rules(Action::kExact, question.exact_rules);
  add_rules(Action::kWider, question.wider_rules);
  if (is_edit(question.tool_name) && whole)
    add(Action::kAllEdits, "Yes, and every change in the work folders until the session ends");
  add(Action::kNo, "No", comments);
  made.text.hint = comments ? "enter chooses · tab adds a comment · ctrl+e explains · esc says no and stops"
                            : "enter chooses · esc says no and stops";
  return made;
}

PermissionMenu::PermissionMenu(const protocol::PermissionQuestion& question, Size size, const Theme& theme,
                               bool saves_rules)
    : PermissionMenu(question, make(question, size, theme, saves_rules)) {}

PermissionMenu::PermissionMenu(const protocol::PermissionQuestion& question, Made made)
    : question_(question),
      actions_(std::move(made.actions)),
      menu_(std::move(made.text), std::move(made.options)) {}

protocol::PermissionAnswer PermissionMenu::answer(Menu::Outcome outcome) const {
  protocol::PermissionAnswer answer;
  const Action action = outcome == Menu::Outcome::kChosen ? actions_[menu_.chosen()] : Action::kNo;
  const std::string comment = outcome == Menu::Outcome::kChosen ? menu_.comment() : "";
  answer.allowed = action != Action::kNo;
  if (!answer.allowed) {
    answer.message = comment.empty() ? "the person said no" : "the person said no: " + comment;
    // A subagent goes on with what is left to it.
    answer.interrupt = comment.empty() && question_.agent_id.empty();
    return answer;
  }
  answer.message = comment;
  if (action == Action::kExact)
    answer.updated_permissions_json = protocol::allow_rules_json(question_.exact_rules, "localSettings");
  if (action == Action::kWider)
    answer.updated_permissions_json = protocol::allow_rules_json(question_.wider_rules, "localSettings");
  if (action == Action::kAllEdits) answer.updated_permissions_json = protocol::set_mode_json("acceptEdits");
  return answer;
}

}  // namespace awl::tui
