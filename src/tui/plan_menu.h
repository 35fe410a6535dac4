// The question whether to begin with a plan: the tool ExitPlanMode. The plan itself is printed before it.
#pragma once

#include <string>
#include <vector>

#include "protocol/host.h"
#include "tui/menu.h"

namespace awl::tui {

class PlanMenu {
 public:
  /// `modes`: that the session may choose.
  PlanMenu(const std::vector<std::string>& modes, const std::string& plan_file, const Theme& theme);

  Menu& menu() { return menu_; }
  const Menu& menu() const { return menu_; }
  protocol::PermissionAnswer answer(Menu::Outcome outcome) const;

 private:
  std::string free_mode_;  // in which the first option begins
  Menu menu_;
};

}  // namespace awl::tui
