#include "hooks/hook_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/columns.h"
#include "base/strings.h"
#include "hooks/hook_table.h"

namespace awl::hooks {

namespace {

constexpr int kBlockingExit = 2;
constexpr size_t kMaxPathBytes = 4'096;

std::string first_line(std::string_view text) {
  const std::string_view line = trim(text);
  return std::string(line.substr(0, line.find('\n')));
}

// Without what colours it.
std::string last_line(std::string_view text) {
  const std::string line = printable(text.substr(std::min(text.rfind('\n') + 1, text.size())), kMaxPathBytes);
  return std::string(trim(line));
}

// Whose plain output is something for the model.
bool is_context(std::string_view event) {
  return event == "SessionStart" || event == "UserPromptSubmit" || event == "UserPromptExpansion";
}

struct Field {
  std::string_view name;
  bool (*fits)(const json::Value&);
};

bool is_text(const json::Value& value) { return value.is_string(); }
bool is_flag(const json::Value& value) { return value.is_boolean(); }
bool is_object(const json::Value& value) { return value.is_object(); }
bool is_list(const json::Value& value) { return value.is_array(); }
bool is_decision(const json::Value& value) { return value == "block" || value == "approve"; }
bool is_permission(const json::Value& value) {
  return value == "allow" || value == "deny" || value == "ask" || value == "defer";
}
bool is_action(const json::Value& value) {
  return value == "accept" || value == "decline" || value == "cancel";
}

constexpr std::array kFields{Field{"continue", is_flag},         Field{"stopReason", is_text},
                             Field{"suppressOutput", is_flag},   Field{"systemMessage", is_text},
                             Field{"terminalSequence", is_text}, Field{"decision", is_decision},
                             Field{"reason", is_text},           Field{"hookSpecificOutput", is_object}};
constexpr std::array kSpecificFields{
    Field{"hookEventName", is_text},      Field{"permissionDecision", is_permission},
    Field{"additionalContext", is_text},  Field{"permissionDecisionReason", is_text},
    Field{"updatedInput", is_object},     Field{"decision", is_object},
    Field{"initialUserMessage", is_text}, Field{"sessionTitle", is_text},
    Field{"watchPaths", is_list},         Field{"retry", is_flag},
    Field{"action", is_action},           Field{"content", is_object},
    Field{"displayContent", is_text},     Field{"worktreePath", is_text}};

template <size_t N>
std::string find_misfit(const json::Value& object, const std::array<Field, N>& fields) {
  for (const Field& field : fields) {
    const json::Value* value = json::find(object, field.name);
    if (value != nullptr && !value->is_null() && !field.fits(*value))
      return fmt::format("the value of `{}` is not allowed there", field.name);
  }
  return "";
}

// Why the object is no output of a hook of this event; "": it is one.
std::string find_misfit(const json::Value& said, std::string_view event) {
  if (std::string misfit = find_misfit(said, kFields); !misfit.empty()) return misfit;
  const json::Value* specific = json::find(said, "hookSpecificOutput");
  if (specific == nullptr || specific->is_null()) return "";
  const std::string named = json::string_or_empty(*specific, "hookEventName");
  if (named != event) {
    return fmt::format("`hookSpecificOutput.hookEventName` must be {}{}", event,
                       named.empty() ? "" : fmt::format(", not {}", named));
  }
  return find_misfit(*specific, kSpecificFields);
}

void join(std::string& text, const std::string& more) {
  if (more.empty()) return;
  if (!text.empty()) text += "\n";
  text += more;
}

void permit(HookOutcome& outcome, HookPermission permission, const std::string& reason) {
  if (permission < outcome.permission) return;
  if (permission > outcome.permission) outcome.permission_reason.clear();
  outcome.permission = permission;
  join(outcome.permission_reason, reason);
}

void block(HookOutcome& outcome, std::string_view event, const std::string& reason) {
  if (event == "PreToolUse") return permit(outcome, HookPermission::kDeny, reason);
  outcome.blocked = true;
  join(outcome.reason, reason);
}

void add_permission(HookOutcome& outcome, const json::Value& specific) {
  const std::string word = json::string_or_empty(specific, "permissionDecision");
  const std::string reason = json::string_or_empty(specific, "permissionDecisionReason");
  if (word == "allow") permit(outcome, HookPermission::kAllow, reason);
  if (word == "ask") permit(outcome, HookPermission::kAsk, reason);
  if (word == "defer") permit(outcome, HookPermission::kDefer, reason);
  if (word == "deny") permit(outcome, HookPermission::kDeny, reason);
}

void add_decision(HookOutcome& outcome, const json::Value& decision) {
  const std::string behavior = json::string_or_empty(decision, "behavior");
  if (outcome.behavior == "deny" || (behavior != "allow" && behavior != "deny")) return;
  outcome.behavior = behavior;
  if (behavior == "deny") {
    outcome.message = json::string_or_empty(decision, "message");
    outcome.interrupt = json::get_bool(decision, "interrupt").value_or(false);
    return;
  }
  if (const json::Value* input = json::find(decision, "updatedInput"); input != nullptr && input->is_object())
    outcome.updated_input_json = json::dump(*input);
  if (const json::Value* updates = json::find(decision, "updatedPermissions"); updates != nullptr)
    outcome.updated_permissions_json = json::dump(*updates);
}

void add_specific(HookOutcome& outcome, std::string_view event, const json::Value& specific) {
  if (const std::string context = json::string_or_empty(specific, "additionalContext"); !context.empty())
    outcome.contexts.push_back(context);
  if (event == "PreToolUse") {
    add_permission(outcome, specific);
    if (const json::Value* input = json::find(specific, "updatedInput");
        input != nullptr && input->is_object())
      outcome.updated_input_json = json::dump(*input);
  }
  if (event == "PostToolUse") {
    for (const char* key : {"updatedMCPToolOutput", "updatedToolOutput"}) {
      const json::Value* output = json::find(specific, key);
      if (output != nullptr && !output->is_null()) outcome.updated_output_json = json::dump(*output);
    }
  }
  if (const std::string title = json::string_or_empty(specific, "sessionTitle"); !title.empty())
    outcome.session_title = title;
  if (event == "SessionStart")
    outcome.initial_message = json::string_or_empty(specific, "initialUserMessage");
  for (std::string& path : json::strings_of(specific, "watchPaths"))
    outcome.watch_paths.push_back(std::move(path));
  if (event == "WorktreeCreate") outcome.worktree_path = json::string_or_empty(specific, "worktreePath");
  if (event == "PermissionDenied" && json::get_bool(specific, "retry").value_or(false)) outcome.retry = true;
  if (const json::Value* decision = json::find(specific, "decision"); decision != nullptr)
    add_decision(outcome, *decision);
  if (const std::string action = json::string_or_empty(specific, "action"); !action.empty()) {
    outcome.action = action;
    const json::Value* content = json::find(specific, "content");
    outcome.content_json = content == nullptr ? "" : json::dump(*content);
  }
}

void add_said(HookOutcome& outcome, std::string_view event, const HookRun& run, const json::Value& said) {
  const std::string reason = json::string_or_empty(said, "reason");
  const std::string decision = json::string_or_empty(said, "decision");
  if (json::get_bool(said, "continue") == false) {
    outcome.stop = true;
    join(outcome.stop_reason, json::string_or_empty(said, "stopReason"));
  }
  if (const std::string message = json::string_or_empty(said, "systemMessage"); !message.empty())
    outcome.messages.push_back(message);
  const json::Value* specific = json::find(said, "hookSpecificOutput");
  const bool has_specific = specific != nullptr && specific->is_object();
  const bool elicits = event == "Elicitation" || event == "ElicitationResult";
  if (has_specific && !(elicits && run.exit_code == kBlockingExit)) add_specific(outcome, event, *specific);
  if (decision == "block") block(outcome, event, reason);
  if (decision == "approve" && event == "PreToolUse") permit(outcome, HookPermission::kAllow, reason);
  const bool denies = has_specific && json::string_or_empty(*specific, "permissionDecision") == "deny";
  if (run.exit_code == kBlockingExit && decision != "block" && !denies)
    block(outcome, event, std::string(trim(run.err)));
}

}  // namespace

void add_run(HookOutcome& outcome, std::string_view event, const std::string& name, const HookRun& run,
             bool fail_closed) {
  const auto fails = [&](const std::string& cause) {
    const std::string sentence = fmt::format("The hook {} failed: {}", name, cause);
    if (fail_closed && can_block(event)) return block(outcome, event, sentence);
    outcome.errors.push_back(sentence);
  };
  if (!run.failure.empty()) return fails(run.failure);
  std::optional<json::Value> said = run.said;
  const std::string_view text = trim(run.out);
  if (!said && text.starts_with('{')) {
    if (auto parsed = json::parse(text); parsed && parsed->is_object()) said = std::move(*parsed);
  }
  if (said) {
    const std::string misfit = find_misfit(*said, event);
    if (misfit.empty()) return add_said(outcome, event, run, *said);
    if (run.exit_code != kBlockingExit) return fails("its output is not as it must be: " + misfit);
  }
  if (run.exit_code == kBlockingExit) return block(outcome, event, std::string(trim(run.err)));
  if (run.wants_json && !said && !text.empty()) return fails("its answer is no JSON object");
  if (run.exit_code != 0) {
    const std::string line = first_line(run.err);
    return fails(fmt::format("exit code {}{}", run.exit_code, line.empty() ? "" : ": " + line));
  }
  if (!said && is_context(event) && !text.empty()) outcome.contexts.emplace_back(text);
  if (!said && event == "WorktreeCreate") outcome.worktree_path = last_line(text);
}

}  // namespace awl::hooks
