// What the engine asks of a face while a turn runs.
#pragma once

#include <string>
#include <vector>

#include "async/task.h"
#include "base/error.h"

namespace awl::protocol {

struct PermissionQuestion {
  std::string tool_name;
  std::string tool_use_id;
  std::string input_json;
  std::string reason;         ///< why nobody decided it yet, for the person
  std::string agent_id = {};  ///< of the subagent whose call it is; empty: the session's own
  /// Allow rules that would answer it from now on, "Bash(npm test)": for this call alone, and for more than
  /// it. Either may be empty: there is none that says what it allows.
  std::vector<std::string> exact_rules = {};
  std::vector<std::string> wider_rules = {};
};

struct PermissionAnswer {
  bool allowed = false;
  std::string
      message;  ///< for the model: why it is not; when it is, what the person adds, told with the result
  std::string updated_input_json = {};  ///< when it is: the input to run with instead; empty: as it was
  std::string updated_permissions_json =
      {};                  ///< when it is: permission updates to apply, a list; empty: none
  bool interrupt = false;  ///< when it is not: the turn ends
};

/// An MCP server asks the person for something.
struct ElicitationQuestion {
  std::string fields_json;  ///< mcp_server_name, message, requested_schema, mode, url, elicitation_id
};

/// One per face. Outlives the engine; called on the loop's thread; an answer may take as long as a person
/// does.
class Host {
 public:
  virtual ~Host() = default;
  virtual Task<PermissionAnswer> ask_permission(PermissionQuestion question) = 0;
  /// False: every question is answered with no.
  virtual bool can_ask() const { return true; }
  /// Gives {action: accept, decline or cancel, content?}.
  virtual Task<std::string> elicit(ElicitationQuestion /*question*/) { co_return R"({"action":"cancel"})"; }
  /// Asks a hook of the program that drives the session; gives its output, a JSON object. Errors: nobody
  /// drives.
  virtual Task<Result<std::string>> call_hook(std::string /*callback_id*/, std::string /*input_json*/,
                                              std::string /*tool_use_id*/) {
    co_return fail(ErrorKind::kUnsupported, "no program drives this session");
  }
  /// Takes a message to an MCP server in the program that drives the session; gives the answer to it.
  virtual Task<Result<std::string>> pass_mcp_message(std::string /*server*/, std::string /*message_json*/) {
    co_return fail(ErrorKind::kUnsupported, "no program drives this session");
  }
};

}  // namespace awl::protocol
