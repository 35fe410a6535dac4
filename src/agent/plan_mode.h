// The mode plan: nothing changes but the plan until the person agreed to it. Source: product documentation,
// "permission-modes", "hooks" (ExitPlanMode).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "permission/policy.h"
#include "tools/tool.h"

namespace awl::agent {

/// How the tools reach the session's mode.
struct ModeSwitch {
  std::function<permission::Mode()> mode;
  std::function<void()> begin_plan;
  /// Back to the mode that the session had before, unless whoever agreed chose another one already.
  std::function<void()> end_plan;
};

/// `workflow`: what to do in the mode, instead of the usual steps; empty: those.
std::string plan_mode_advice(const os::Path& plan_file, const std::string& workflow);

std::unique_ptr<tools::Tool> make_enter_plan_mode_tool(ModeSwitch modes);
std::unique_ptr<tools::Tool> make_exit_plan_mode_tool(ModeSwitch modes);

}  // namespace awl::agent
