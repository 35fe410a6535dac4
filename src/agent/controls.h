// What a program that drives a session may ask of the engine besides messages. Source: product documentation,
// "agent-sdk/typescript".
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "async/task.h"
#include "base/error.h"
#include "extensions/agent_files.h"
#include "json/value.h"
#include "protocol/event.h"

namespace awl::agent {

/// A hook of the program: it is called back by these ids.
struct HookCallback {
  std::string event;
  std::string matcher;
  std::vector<std::string> ids;
  std::optional<std::chrono::milliseconds> timeout;
};

/// What the program says before the first message.
struct Introduction {
  std::vector<HookCallback> hooks;
  std::vector<std::string> hosted_servers;   ///< names of MCP servers inside of it
  std::optional<std::string> system_prompt;  ///< instead of the usual one; "" for none
  std::string append_system_prompt;
  std::vector<extensions::AgentDefinition> agents;
  std::string plan_workflow;       ///< what to do in the mode plan, instead of the usual steps; empty: those
  std::string output_schema_json;  ///< of the structured output that it wants; empty: none
  bool forward_subagent_text = false;
};

/// All on the loop's thread. …_json are JSON texts in the form that the SDKs document.
class Controls {
 public:
  virtual ~Controls() = default;
  /// Errors: kInvalidInput. Before the first message.
  virtual Result<> introduce(Introduction introduction) = 0;
  /// {commands, agents, output_style, available_output_styles, models, account}
  virtual std::string describe_session_json() const = 0;
  virtual Result<> set_mode(const std::string& mode) = 0;
  /// "": the one that the session began with.
  virtual void set_model(const std::string& model) = 0;
  /// nullopt: as the model does it; 0: none.
  virtual void set_thinking(std::optional<int64_t> tokens) = 0;

  /// [{name, status, …}]
  virtual std::string mcp_status_json() const = 0;
  /// Puts `servers` (a JSON object by name) in the place of those that a program added; {added, removed,
  /// errors}.
  virtual Task<std::string> set_mcp_servers(std::string servers_json) = 0;
  virtual Task<Result<>> restart_mcp_server(std::string name) = 0;
  virtual Task<Result<>> enable_mcp_server(std::string name, bool enabled) = 0;
  /// By its full name; gives {content}.
  virtual Task<Result<std::string>> call_mcp_tool_by_name(std::string tool, std::string arguments_json) = 0;

  /// [{behavior, rule, source}], in the order in which they are asked: deny, ask, allow.
  virtual std::string rules_json() const = 0;
  /// Permission updates, as an answer to a question brings them: for the session, and kept in the settings
  /// file that they name. Errors: kInvalidInput (an entry that cannot be read; the others hold), those of
  /// keeping them; they hold for the session then.
  virtual Result<> update_permissions(const std::string& updates_json) = 0;
  /// [{tool, subject, reason}]: what the judge of the mode auto refused, the last first.
  virtual std::string refusals_json() const = 0;

  virtual std::string context_usage_json() const = 0;
  virtual protocol::TurnEnded usage() const = 0;
  virtual Task<bool> stop_task(std::string id) = 0;
  /// Takes a message back that no turn has taken up; false: too late.
  virtual bool cancel_message(const std::string& uuid) = 0;
  /// Files as they were before the message of that uuid; {canRewind, filesChanged, …}. Errors: kUnsupported:
  /// they are not kept.
  virtual Result<std::string> rewind_files(const std::string& message_uuid, bool dry_run) = 0;
  /// A part of the work folder that is worked on from now on. Errors: kInvalidInput (it is none).
  virtual Result<> register_folder(const std::string& folder) = 0;
  virtual void rename(const std::string& title) = 0;
  /// A question beside the conversation, to the small model.
  virtual Task<Result<std::string>> ask_aside(std::string system, std::string question) = 0;
  /// A summary of the conversation from that message of the person on. Errors: kNotFound, those of the call.
  virtual Task<Result<std::string>> sum_up_from(std::string message_uuid, std::string wishes) = 0;
};

}  // namespace awl::agent
