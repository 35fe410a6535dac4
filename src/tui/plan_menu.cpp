#include "tui/plan_menu.h"

#include <algorithm>

#include "base/columns.h"
#include "protocol/permission_update.h"

namespace awl::tui {

namespace {

constexpr size_t kMaxPathBytes = 400;

std::string choose_free_mode(const std::vector<std::string>& modes) {
  for (const char* mode : {"bypassPermissions", "auto"}) {
    if (std::ranges::find(modes, mode) != modes.end()) return mode;
  }
  return "acceptEdits";
}

std::string begin_label(const std::string& mode) {
  if (mode == "bypassPermissions") return "Yes, and ask nothing more in this session (bypassPermissions)";
  if (mode == "auto") return "Yes, and a model judges what I would be asked (auto)";
  return "Yes, and make changes in the work folders without asking (acceptEdits)";
}

std::vector<MenuOption> plan_options(const std::string& mode) {
  return {{begin_label(mode), "", true},
          {"Yes, and ask me about each change", "", true},
          {"No, go on planning", "", true}};
}

}  // namespace

PlanMenu::PlanMenu(const std::vector<std::string>& modes, const std::string& plan_file, const Theme& theme)
    : free_mode_(choose_free_mode(modes)),
      menu_({{"", theme.paint(kBold, "Begin with this plan?"),
              theme.paint(kDim, printable(plan_file, kMaxPathBytes))},
             "enter chooses · tab adds a comment · esc goes on planning and stops"},
            plan_options(free_mode_)) {}

protocol::PermissionAnswer PlanMenu::answer(Menu::Outcome outcome) const {
  protocol::PermissionAnswer answer;
  const size_t chosen = outcome == Menu::Outcome::kChosen ? menu_.chosen() : 2;
  const std::string comment = outcome == Menu::Outcome::kChosen ? menu_.comment() : "";
  answer.allowed = chosen < 2;
  answer.message = comment;
  if (!answer.allowed) {
    answer.message = "the person wants to go on planning" + (comment.empty() ? "" : ": " + comment);
    answer.interrupt = comment.empty();
  } else {
    answer.updated_permissions_json = protocol::set_mode_json(chosen == 0 ? free_mode_ : "default");
  }
  return answer;
}

}  // namespace awl::tui
