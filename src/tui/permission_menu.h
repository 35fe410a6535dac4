// The question whether a tool call may run.
#pragma once

#include <string>
#include <vector>

#include "protocol/host.h"
#include "tui/menu.h"

namespace awl::tui {

class PermissionMenu {
 public:
  /// Options that allow more than this call are there only when the call is shown whole and what they allow
  /// fits on their line. `saves_rules`: false when rules of the person's do not count.
  PermissionMenu(const protocol::PermissionQuestion& question, Size size, const Theme& theme,
                 bool saves_rules);

  Menu& menu() { return menu_; }
  const Menu& menu() const { return menu_; }
  /// After the menu was answered.
  protocol::PermissionAnswer answer(Menu::Outcome outcome) const;

 private:
  enum class Action { kOnce, kExact, kWider, kAllEdits, kNo };
  struct Made {
    MenuText text;
    std::vector<MenuOption> options;
    std::vector<Action> actions;
  };
  static Made make(const protocol::PermissionQuestion& question, Size size, const Theme& theme,
                   bool saves_rules);
  PermissionMenu(const protocol::PermissionQuestion& question, Made made);

  protocol::PermissionQuestion question_;
  std::vector<Action> actions_;
  Menu menu_;
};

}  // namespace awl::tui
