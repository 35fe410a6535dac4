// Who decides whether a call runs: rules and modes, a judge, hooks, the person.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agent/tool_runner.h"
#include "permission/suggest.h"

namespace awl::agent {

namespace {

// As monitoring names who decided.
const char* decider(const protocol::PermissionAnswer& answer, bool somebody_was_asked) {
  if (!somebody_was_asked) return "config";
  if (!answer.allowed) return answer.interrupt ? "user_abort" : "user_reject";
  return answer.updated_permissions_json.contains("Settings\"") ? "user_permanent" : "user_temporary";
}

}  // namespace

void ToolRunner::tell_decision(const Prepared& prepared, bool accepted) const {
  if (!on_decided) return;
  on_decided({.tool_name = prepared.tool->tool->spec().name,
              .tool_use_id = prepared.call->tool_use_id,
              .input_json = json::dump(shown_input(prepared)),
              .accepted = accepted,
              .source = prepared.decided_by,
              .waited = prepared.waited});
}

// nullopt: the call may run. Else what the model is told.
Task<std::optional<std::string>> ToolRunner::refusal(Prepared& prepared) {
  permission::Verdict verdict = judge(prepared);
  if (is_for_judge(prepared, verdict)) {
    const permission::Mode mode = options_.mode;
    auto refused = co_await judged_refusal(prepared, verdict);
    if (options_.mode == mode) co_return refused;
    // The person chose another mode meanwhile, in which nobody would have judged.
    verdict = judge(prepared);
  }
  if (verdict.behavior == permission::Behavior::kAllow) co_return std::nullopt;
  if (verdict.behavior == permission::Behavior::kDeny)
    co_return fmt::format("{} was denied: {}", prepared.tool->tool->spec().name, verdict.reason);
  auto refused = co_await answer_of_person(prepared, verdict);
  if (!refused && auto_mode_ != nullptr) auto_mode_->resume();
  co_return refused;
}

Task<std::optional<std::string>> ToolRunner::answer_of_person(Prepared& prepared,
                                                              const permission::Verdict& verdict) {
  const std::string& name = prepared.tool->tool->spec().name;
  auto answer = co_await ask_permission_hooks(prepared);
  const char* decided_by = "hook";
  std::chrono::milliseconds waited{};
  if (!answer) {
    protocol::PermissionQuestion question{name, prepared.call->tool_use_id, json::dump(shown_input(prepared)),
                                          verdict.reason, agent_id_};
    // What a rule wants asked, no other rule answers.
    auto suggested = permission::suggest_rules(rules(), situation(), name, prepared.access, prepared.input);
    question.exact_rules = std::move(suggested.exact);
    question.wider_rules = std::move(suggested.wider);
    const auto asked = std::chrono::steady_clock::now();
    const std::shared_ptr<void> asking = on_asking ? on_asking(name) : nullptr;
    answer = co_await host_.ask_permission(std::move(question));
    waited = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - asked);
    if (answer->allowed) prepared.comment = answer->message;
    decided_by = decider(*answer, host_.can_ask());
  }
  if (answer->allowed && !answer->updated_input_json.empty()) {
    prepared.approved = true;
    if (!change_input(prepared, answer->updated_input_json)) co_return std::nullopt;
    const permission::Verdict again = judge(prepared);
    if (again.behavior == permission::Behavior::kDeny)
      co_return fmt::format("{} was denied: {}", name, again.reason);
  }
  if (answer->allowed && !answer->updated_permissions_json.empty() && on_permission_updates)
    on_permission_updates(answer->updated_permissions_json);
  prepared.decided_by = decided_by;
  prepared.waited = waited;
  if (answer->interrupt) interrupt_ = true;
  prepared.access.confirmed = answer->allowed;
  if (answer->allowed) co_return std::nullopt;
  co_return fmt::format("{} was not allowed: {}", name,
                        answer->message.empty() ? verdict.reason : answer->message);
}

}  // namespace awl::agent
