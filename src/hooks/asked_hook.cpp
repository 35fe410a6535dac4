// Hooks that somebody else answers: a model, an MCP server, the program that drives awl.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "async/timeout.h"
#include "base/strings.h"
#include "hooks/handler_run.h"

namespace awl::hooks {

namespace {

constexpr std::string_view kJudge =
    "You judge one event of a coding agent's session by the condition that you are given. Answer with one "
    "JSON "
    "object and nothing else: {\"ok\": true} when the condition holds, or {\"ok\": false, \"reason\": \"…\"} "
    "when "
    "it does not, the reason being what the agent should hear. When it can never hold, whatever the agent "
    "does, "
    "add \"impossible\": true.";

// $ARGUMENTS, unless a backslash stands before it; without one, the input comes behind the prompt.
std::string fill_in_arguments(const std::string& prompt, const std::string& input_json) {
  constexpr std::string_view kName = "$ARGUMENTS";
  std::string filled;
  bool found = false;
  for (size_t i = 0; i < prompt.size();) {
    if (prompt[i] == '\\' && prompt.compare(i + 1, 1, "$") == 0) {
      filled += '$';
      i += 2;
    } else if (prompt.compare(i, kName.size(), kName) == 0) {
      filled += input_json;
      found = true;
      i += kName.size();
    } else {
      filled += prompt[i++];
    }
  }
  return found ? filled : fmt::format("{}\n\n{}", filled, input_json);
}

json::Value block(const std::string& reason) { return {{"decision", "block"}, {"reason", reason}}; }

json::Value stop(const std::string& reason) { return {{"continue", false}, {"stopReason", reason}}; }

// A judgement in the terms of the event's output.
json::Value put_in_terms(const HandlerCall& call, bool impossible, const std::string& reason) {
  const std::string& event = call.event;
  if (event == "Stop" || event == "SubagentStop")
    return impossible && call.handler.type == HookHandler::Type::kPrompt ? json::Value::object()
                                                                         : block(reason);
  if (event == "PermissionRequest" || event == "PermissionDenied") return json::Value::object();
  if (event == "PreToolUse" && !call.handler.continue_on_block) {
    json::Value said = stop(reason);
    said["hookSpecificOutput"] = {
        {"hookEventName", event}, {"permissionDecision", "deny"}, {"permissionDecisionReason", reason}};
    return said;
  }
  if (event == "PostToolUse" && !call.handler.continue_on_block) return stop(reason);
  return block(reason);
}

// The object in a text that a model wrote around it, perhaps.
std::string_view find_object(std::string_view text) {
  const size_t begin = text.find('{');
  const size_t end = text.rfind('}');
  return begin == std::string_view::npos || end == std::string_view::npos || end < begin
             ? std::string_view()
             : text.substr(begin, end - begin + 1);
}

template <typename Ask>
Task<HookRun> within_limit(Ask ask, std::chrono::milliseconds limit) {
  auto answer = co_await async::with_timeout(std::move(ask), limit);
  if (!answer) co_return timed_out(limit);
  if (!*answer) co_return failed(describe(answer->error()));
  HookRun run;
  run.out = std::move(**answer);
  co_return run;
}

}  // namespace

Task<HookRun> run_model_hook(HandlerCall call) {
  if (!call.options.ask_model) co_return failed("no model can be asked in this run");
  HookRun run = co_await within_limit(
      call.options.ask_model(std::string(kJudge), fill_in_arguments(call.handler.prompt, call.input_json),
                             call.handler.model),
      call.limit);
  if (!run.failure.empty()) co_return run;
  const auto judgement = json::parse(find_object(run.out));
  const auto ok = judgement ? json::get_bool(*judgement, "ok") : std::nullopt;
  if (!ok) co_return failed("the model did not answer with {\"ok\": …}: " + run.out.substr(0, 200));
  const std::string reason = json::string_or_empty(*judgement, "reason");
  run.said = *ok ? json::Value::object()
                 : put_in_terms(call, json::get_bool(*judgement, "impossible").value_or(false),
                                reason.empty() ? "the condition of a hook does not hold" : reason);
  co_return run;
}

Task<HookRun> run_mcp_hook(HandlerCall call) {
  if (!call.options.call_mcp_tool) co_return failed("the MCP server is not connected");
  const auto facts = json::parse(call.input_json);
  auto input = json::parse(call.handler.input_json);
  if (!input) co_return failed(describe(input.error()));
  // "${tool_input.file_path}" stands for that value of the event.
  for (auto& [name, value] : input->items()) {
    if (!value.is_string() || !facts) continue;
    std::string text = value.get<std::string>();
    for (size_t at = text.find("${"); at != std::string::npos; at = text.find("${", at)) {
      const size_t end = text.find('}', at);
      if (end == std::string::npos) break;
      const json::Value* found = &*facts;
      for (const std::string_view key : split(std::string_view(text).substr(at + 2, end - at - 2), '.'))
        found = found == nullptr ? nullptr : json::find(*found, key);
      const std::string shown =
          found == nullptr ? "" : (found->is_string() ? found->get<std::string>() : json::dump(*found));
      text.replace(at, end + 1 - at, shown);
      at += shown.size();
    }
    value = text;
  }
  HookRun run = co_await within_limit(
      call.options.call_mcp_tool(call.handler.server, call.handler.tool, json::dump(*input)), call.limit);
  co_return run;
}

Task<HookRun> run_callback_hook(HandlerCall call) {
  if (!call.options.call_back) co_return failed("nobody can be asked in this run");
  HookRun run = co_await within_limit(
      call.options.call_back(call.handler.callback_id, call.input_json, call.tool_use_id), call.limit);
  // It may be a gate: one that does not answer does not open.
  if (run.end == HookRun::End::kCancelled && can_block(call.event)) {
    const std::string reason = fmt::format("The hook {} of the program that drives this session {}",
                                           call.handler.label, run.failure);
    run.failure.clear();
    run.said = block(reason);
    co_return run;
  }
  if (!run.failure.empty()) co_return run;
  auto said = json::parse(run.out);
  run.said = said && said->is_object() ? std::move(*said) : json::Value::object();
  co_return run;
}

}  // namespace awl::hooks
