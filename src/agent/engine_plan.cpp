// The mode plan, as the session goes in and out of it.
#include <utility>

#include "agent/engine_impl.h"
#include "agent/reminder.h"

namespace awl::agent {

namespace {

constexpr std::string_view kPlanEnded =
    "The session is not in the mode plan any more: files may be changed as the mode that holds now allows.";

}  // namespace

void EngineImpl::on_mode_changed(permission::Mode before) {
  if (runner_.mode() == before) return;
  if (runner_.mode() == permission::Mode::kPlan) mode_before_plan_ = before;
  emit(protocol::ModeChanged{std::string(permission::to_string(runner_.mode()))});
}

void EngineImpl::change_mode(permission::Mode mode) {
  const permission::Mode before = runner_.mode();
  runner_.set_mode(mode);
  on_mode_changed(before);
}

ModeSwitch EngineImpl::mode_switch() {
  const auto change = [this](permission::Mode mode) {
    plan_is_told_ = mode == permission::Mode::kPlan;
    change_mode(mode);
  };
  return {[this] { return runner_.mode(); }, [change] { change(permission::Mode::kPlan); },
          [this, change] {
            plan_is_told_ = false;
            if (runner_.mode() == permission::Mode::kPlan) change(mode_before_plan_);
          }};
}

std::string EngineImpl::plan_advice() const {
  return reminder(plan_mode_advice(options_.session.plan_file, plan_workflow_));
}

// Once when it begins, and once when it ended without the plan.
void EngineImpl::add_plan_reminder(std::vector<std::string>& blocks) {
  const bool plans = runner_.mode() == permission::Mode::kPlan;
  if (conversation_.size() == 0) plan_is_told_ = false;
  if (plans == std::exchange(plan_is_told_, plans)) return;
  blocks.insert(blocks.begin(), anthropic::text_block(plans ? plan_advice() : reminder(kPlanEnded)));
}

}  // namespace awl::agent
