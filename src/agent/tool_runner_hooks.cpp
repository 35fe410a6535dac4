// What hooks have to say about tool calls.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agent/reminder.h"
#include "agent/result_bounds.h"
#include "agent/tool_output.h"
#include "agent/tool_runner.h"
#include "base/utf8.h"

namespace awl::agent {

namespace {

constexpr size_t kMaxErrorBytes = 10'000;

std::string shorten_middle(std::string text) {
  if (text.size() <= kMaxErrorBytes) return text;
  const size_t half = kMaxErrorBytes / 2;
  return fmt::format("{}\n... [{} characters truncated] ...\n{}", utf8_prefix(text, half),
                     text.size() - 2 * half, to_utf8(std::string_view(text).substr(text.size() - half)));
}

json::Value response_of(const tools::ToolResult& result) {
  if (!result.structured_json.empty()) {
    if (auto parsed = json::parse(result.structured_json)) return std::move(*parsed);
  }
  return result.text;
}

json::Value content_of(const tools::ToolResult& result) {
  if (!result.content_json.empty()) {
    if (auto parsed = json::parse(result.content_json)) return std::move(*parsed);
  }
  return result.text;
}

void add_contexts(tools::ToolResult& result, const char* event, const std::vector<std::string>& contexts) {
  for (const std::string& context : contexts)
    append_text(result, reminder(fmt::format("A {} hook says: {}", event, context)));
}

}  // namespace

hooks::HookCall ToolRunner::hook_call(const char* event, const Prepared& prepared, json::Value fields) const {
  json::Value all{{"tool_name", prepared.tool->tool->spec().name}, {"tool_input", shown_input(prepared)}};
  all.update(fields);
  hooks::HookCall call{
      event, prepared.tool->tool->spec().name, json::dump(all), prepared.call->tool_use_id, {}};
  call.fits = [this, &prepared](const std::string& condition) {
    const auto rule = permission::parse_rule(condition, "a hook's `if`", session_.project_dir);
    return rule && permission::matches_condition(*rule, situation(), prepared.tool->tool->spec().name,
                                                 prepared.access, prepared.input);
  };
  return call;
}

// False when the new input does not fit; prepared.refused says why.
bool ToolRunner::change_input(Prepared& prepared, const std::string& input_json) {
  auto input = json::parse(input_json);
  if (!input || !input->is_object()) return true;
  auto changed = std::make_shared<anthropic::ContentBlock>(*prepared.call);
  changed->tool_input = std::move(*input);
  Prepared again = prepare(*changed);
  again.changed = std::move(changed);
  again.contexts = std::move(prepared.contexts);
  again.approved = prepared.approved;
  again.must_ask = prepared.must_ask;
  again.comment = std::move(prepared.comment);
  again.hook_reason = std::move(prepared.hook_reason);
  prepared = std::move(again);
  return !prepared.refused;
}

void ToolRunner::note_stop(const hooks::HookOutcome& outcome) {
  if (outcome.stop) stop_ = outcome.stop_reason;
}

// Only a call that is alone in its answer, and in a run that a program reads, can be made later.
bool ToolRunner::defer(const Prepared& prepared) {
  if (!options_.may_defer || deferrable_.empty() || prepared.call->tool_use_id != deferrable_) return false;
  deferred_ = json::dump({{"id", prepared.call->tool_use_id},
                          {"name", prepared.tool->tool->spec().name},
                          {"input", prepared.call->tool_input}});
  return true;
}

// nullopt: the hooks do not stand in the way. Else what the model is told.
Task<std::optional<std::string>> ToolRunner::ask_hooks_before(Prepared& prepared) {
  if (hooks_ == nullptr || !hooks_->has("PreToolUse")) co_return std::nullopt;
  auto call = hook_call("PreToolUse", prepared, {{"tool_use_id", prepared.call->tool_use_id}});
  const auto outcome = co_await hooks_->run(std::move(call));
  note_stop(outcome);
  prepared.contexts = outcome.contexts;
  prepared.hook_reason = outcome.permission_reason.empty() ? "a hook wants it" : outcome.permission_reason;
  const std::string& name = prepared.tool->tool->spec().name;
  if (outcome.permission == hooks::HookPermission::kDeny)
    co_return fmt::format("A hook denied this call of {}: {}", name, prepared.hook_reason);
  if (outcome.permission == hooks::HookPermission::kDefer && defer(prepared)) co_return std::nullopt;
  prepared.approved = outcome.permission == hooks::HookPermission::kAllow;
  prepared.must_ask = outcome.permission == hooks::HookPermission::kAsk;
  if (!outcome.updated_input_json.empty() && change_input(prepared, outcome.updated_input_json)) {
    // It brings what the person would have said.
    if (prepared.approved) prepared.access.needs_person = false;
  }
  co_return std::nullopt;
}

// Of the mode auto. True when one says that the model may try again.
Task<bool> ToolRunner::tell_hooks_of_denial(Prepared& prepared, const std::string& reason) {
  if (hooks_ == nullptr || !hooks_->has("PermissionDenied")) co_return false;
  const json::Value fields{{"tool_use_id", prepared.call->tool_use_id}, {"reason", reason}};
  const auto outcome = co_await hooks_->run(hook_call("PermissionDenied", prepared, fields));
  note_stop(outcome);
  co_return outcome.retry;
}

Task<std::optional<protocol::PermissionAnswer>> ToolRunner::ask_permission_hooks(Prepared& prepared) {
  if (hooks_ == nullptr || !hooks_->has("PermissionRequest")) co_return std::nullopt;
  const auto outcome = co_await hooks_->run(hook_call("PermissionRequest", prepared, json::Value::object()));
  if (outcome.behavior == "deny") {
    if (outcome.interrupt) stop_ = outcome.message;
    co_return protocol::PermissionAnswer{false,
                                         outcome.message.empty() ? "a hook denied it" : outcome.message};
  }
  if (outcome.behavior != "allow") co_return std::nullopt;
  prepared.approved = true;
  if (!outcome.updated_input_json.empty() && !change_input(prepared, outcome.updated_input_json))
    co_return protocol::PermissionAnswer{false, "the input that a hook gave instead does not fit"};
  const permission::Verdict verdict = judge(prepared);
  if (verdict.behavior == permission::Behavior::kDeny)
    co_return protocol::PermissionAnswer{false, verdict.reason};
  protocol::PermissionAnswer answer{true, ""};
  answer.updated_permissions_json = outcome.updated_permissions_json;
  co_return answer;
}

Task<> ToolRunner::tell_hooks_after(Prepared& prepared, tools::ToolResult& result) {
  add_contexts(result, "PreToolUse", prepared.contexts);
  if (hooks_ == nullptr) co_return;
  const char* event = result.is_error ? "PostToolUseFailure" : "PostToolUse";
  if (!hooks_->has(event)) co_return;
  json::Value fields{{"tool_use_id", prepared.call->tool_use_id}};
  if (result.is_error) {
    fields["error"] = shorten_middle(result.text);
    fields["is_interrupt"] = false;
  } else {
    fields["tool_response"] = response_of(result);
  }
  fields["duration_ms"] = prepared.took.count();
  const auto outcome = co_await hooks_->run(hook_call(event, prepared, std::move(fields)));
  note_stop(outcome);
  if (!outcome.updated_output_json.empty() &&
      !replace_output(result, prepared.tool->tool->spec().name, outcome.updated_output_json)) {
    append_text(result, reminder("A hook gave another output for this call, of a shape that this tool does "
                                 "not give; it is not used."));
  }
  if (outcome.blocked) {
    append_text(result, reminder(fmt::format("A {} hook objects: {}", event, outcome.reason)));
  }
  add_contexts(result, event, outcome.contexts);
}

Task<> ToolRunner::tell_hooks_of_batch(const Calls& calls, std::vector<tools::ToolResult>& results) {
  if (hooks_ == nullptr || !hooks_->has("PostToolBatch") || results.empty() || !deferred_.empty()) co_return;
  json::Value list = json::Value::array();
  for (size_t i = 0; i < calls.size(); ++i) {
    list.push_back({{"tool_name", calls[i]->tool_name},
                    {"tool_input", calls[i]->tool_input},
                    {"tool_use_id", calls[i]->tool_use_id},
                    {"tool_response", content_of(results[i])}});
  }
  const auto outcome = co_await hooks_->run({"PostToolBatch", "", json::dump({{"tool_calls", list}})});
  note_stop(outcome);
  if (outcome.blocked) {
    stop_ = outcome.reason;
    append_text(results.back(),
                reminder(fmt::format("A PostToolBatch hook ended the turn: {}", outcome.reason)));
  }
  add_contexts(results.back(), "PostToolBatch", outcome.contexts);
}

}  // namespace awl::agent
