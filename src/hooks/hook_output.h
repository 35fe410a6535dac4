// What a hook said, and what all hooks of one occurrence of an event said together.
// Source: product documentation, "hooks", "Hook input and output".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "json/json.h"

namespace awl::hooks {

/// How a hook's work ended.
struct HookRun {
  enum class End { kSuccess, kError, kCancelled };
  End end = End::kSuccess;
  int exit_code = 0;  ///< of a command; 2 blocks
  std::string out;    ///< standard output, a response's body, a tool's text
  std::string err;
  std::string failure;              ///< why it could not run, or did not end; a sentence
  bool wants_json = false;          ///< an HTTP response: text that is no JSON is an error
  std::optional<json::Value> said;  ///< a callback's answer, or a model's judgement put in these terms
};

/// A tool call's fate, by rising precedence.
enum class HookPermission { kNone, kAllow, kAsk, kDefer, kDeny };

/// The sum. Empty strings: nobody said it.
struct HookOutcome {
  bool blocked = false;  ///< exit code 2, `decision: block`, or a hook that must not fail
  std::string reason;    ///< why, of all that block
  bool stop = false;     ///< `continue: false`
  std::string stop_reason;
  HookPermission permission = HookPermission::kNone;
  std::string permission_reason;
  std::string updated_input_json;
  std::string updated_output_json;
  std::vector<std::string> contexts;     ///< for the model, in the order of the hooks
  std::vector<std::string> messages;     ///< for the person
  std::vector<std::string> errors;       ///< for the person: hooks that failed, and block nothing
  std::string behavior;                  ///< of PermissionRequest: allow, deny
  std::string message;                   ///< of PermissionRequest's deny
  std::string updated_permissions_json;  ///< of PermissionRequest's allow: a list of changes
  bool interrupt = false;                ///< of PermissionRequest's deny
  bool retry = false;                    ///< of PermissionDenied: the call may be made again
  std::string action;                    ///< of Elicitation and its result: accept, decline, cancel
  std::string content_json;              ///< of Elicitation and its result
  std::string session_title;             ///< the session's name from now on; empty: as it was
  std::string initial_message;           ///< of SessionStart: what the session begins with
  std::vector<std::string> watch_paths;  ///< further files for FileChanged
  std::string worktree_path;             ///< of WorktreeCreate
};

/// Adds what the hook `name` ("PreToolUse:Bash") of `event` did. `fail_closed`: a failure blocks.
void add_run(HookOutcome& outcome, std::string_view event, const std::string& name, const HookRun& run,
             bool fail_closed);

}  // namespace awl::hooks
