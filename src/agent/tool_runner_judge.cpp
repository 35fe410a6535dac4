// Calls that a model judges in the person's place: auto_mode.h.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agent/tool_runner.h"
#include "json/json.h"
#include "protocol/call_subject.h"

namespace awl::agent {

bool ToolRunner::is_for_judge(const Prepared& prepared, const permission::Verdict& verdict) const {
  if (auto_mode_ == nullptr || auto_mode_->is_paused()) return false;
  const bool in_plan = options_.mode == permission::Mode::kPlan &&
                       prepared.access.kind == permission::Access::Kind::kShell &&
                       auto_mode_->options().during_plan && auto_mode_->options().unavailable.empty();
  return (in_plan || options_.mode == permission::Mode::kAuto) &&
         verdict.behavior == permission::Behavior::kAsk && !verdict.only_person && !prepared.must_ask;
}

Task<std::optional<std::string>> ToolRunner::judged_refusal(Prepared& prepared,
                                                            const permission::Verdict& verdict) {
  const std::string& name = prepared.tool->tool->spec().name;
  const Judgement judgement =
      co_await auto_mode_->judge({name, json::dump(shown_input(prepared)), verdict.reason}, *own_);
  if (judgement.kind == Judgement::Kind::kAllow) co_return std::nullopt;
  auto_mode_->note_refusal({name, protocol::call_subject(shown_input(prepared)), judgement.reason});
  const bool blocked = judgement.kind == Judgement::Kind::kBlock;
  const bool retry = co_await tell_hooks_of_denial(prepared, judgement.reason);
  if (!blocked) co_return judgement.reason;
  co_return fmt::format(
      "{} was blocked in the mode {}: {} Do not look for another way to the same end; do something "
      "else, or tell the person what you would need.{}",
      name, permission::to_string(options_.mode),
      judgement.reason.empty() ? "the judge gave no reason." : judgement.reason,
      retry ? " A hook says that you may try this call again." : "");
}

}  // namespace awl::agent
