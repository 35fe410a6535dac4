// What the engine tells a face. A closed set, in the order in which things happen.
//
// JSON inside is text (…_json), serialised once where it arose: faces forward it and look inside only when
// they must.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "anthropic/api_error.h"
#include "anthropic/usage.h"

namespace awl::protocol {

/// A turn begins.
struct SessionStarted {
  std::string cwd;
  std::string model;
  std::string permission_mode;
  std::string credential_source;  ///< how model calls are authenticated, without secrets
  std::vector<std::string> tools = {};
  std::vector<std::string> slash_commands = {};
  std::vector<std::string> skills = {};
  std::vector<std::string> agents = {};
  std::string output_style = "default";
  std::vector<std::pair<std::string, std::string>> plugins = {};      ///< name, path
  std::vector<std::pair<std::string, std::string>> mcp_servers = {};  ///< name, status
};

/// A message of the person is taken up; its turn's SessionStarted follows.
struct MessageAccepted {
  std::string uuid;
  std::string content_json;  ///< as it was sent: a string or a list of content blocks
};

/// One event of the Messages API's stream, as it came.
struct StreamEvent {
  std::string event_json;
};

/// One finished content block of an answer of the model.
struct AssistantBlock {
  std::string uuid;
  std::string message_id;  ///< the API's; common to the blocks of one answer
  std::string model;
  std::string block_json;
  std::string usage_json;  ///< as known when the block ended
  /// Not empty: no model wrote this, it tells of an error of this category (rate_limit, overloaded, …).
  std::string error;
  std::string parent_tool_use_id = {};  ///< of the call that began the subagent; empty: the session itself
};

/// One tool result, in order of completion.
struct ToolFinished {
  std::string uuid;
  std::string tool_use_id;
  std::string result_block_json;        ///< the tool_result content block that the model is sent
  std::string structured_json;          ///< the same for programs; a JSON string when the call failed
  std::string parent_tool_use_id = {};  ///< see AssistantBlock
  std::chrono::milliseconds took{};     ///< the tool itself; zero: it did not run
};

/// It is decided whether a tool call may run.
struct ToolDecided {
  std::string tool_name;
  std::string tool_use_id;
  std::string input_json;
  bool accepted = false;
  std::string source;  ///< config, hook, user_temporary, user_permanent, user_reject, user_abort
  std::chrono::milliseconds waited{};  ///< for a person
};

/// An MCP server connected, or did not, or went away.
struct McpServerChanged {
  std::string name;
  std::string status;     ///< connected, failed, disconnected
  std::string transport;  ///< stdio, http, sse, …
  std::string scope;
  std::string error;
};

/// A request failed and is sent again after `delay`.
struct RetryScheduled {
  int attempt = 0;  ///< from 1
  int max_retries = 0;
  std::chrono::milliseconds delay{};
  std::optional<int> status;  ///< HTTP status; none when there was no response
  std::string category;       ///< rate_limit, overloaded, server_error, authentication_failed, …
  std::string message;
};

/// What a subagent was asked.
struct SubagentPrompt {
  std::string uuid;
  std::string parent_tool_use_id;
  std::string prompt;
};

/// A shell command goes on in the background, or a subagent works.
struct TaskStarted {
  std::string task_id;
  std::string tool_use_id;
  std::string description;
  std::string task_type = "local_bash";  ///< local_agent: a subagent
};

/// It ended, or its state changed otherwise.
struct TaskChanged {
  std::string task_id;
  std::string tool_use_id;
  std::string status;  ///< completed, failed, stopped
  std::string summary;
  std::string output_file;
};

struct PermissionDenial {
  std::string tool_name;
  std::string tool_use_id;
  std::string input_json;
};

struct ModelUsage {
  anthropic::TokenUsage tokens;
  double cost_usd = 0;
  bool cost_is_guess = false;  ///< the model's price is not known: that of its family, or nothing
  int64_t context_window = 0;
  int64_t max_output_tokens = 0;
};

/// Why a turn ended.
enum class TurnOutcome {
  kSuccess,
  kApiError,     ///< the model could not be asked, or refused
  kInterrupted,  ///< by the person
  kMaxTurns,
  kMaxBudget,           ///< --max-budget-usd
  kImageError,          ///< an image or document of the message cannot be sent
  kNoStructuredOutput,  ///< the model did not give what --json-schema asks for
};
/// The last event of every turn: exactly one per message.
struct TurnEnded {
  TurnOutcome outcome = TurnOutcome::kSuccess;
  std::string text;  ///< the answer's last text, or the error's sentence
  std::optional<int> api_error_status;
  std::string stop_reason;  ///< empty: none
  bool in_tools = false;    ///< kInterrupted: while tools ran, not while the model answered
  int num_turns = 0;
  std::chrono::milliseconds duration{};
  std::chrono::milliseconds api_duration{};
  anthropic::TokenUsage usage;                    ///< of this turn
  double total_cost_usd = 0;                      ///< of the session so far; an estimate
  std::map<std::string, ModelUsage> model_usage;  ///< of the session so far, by model
  std::vector<PermissionDenial> permission_denials;
  std::string structured_output_json;  ///< of --json-schema; empty: none
  /// {id, name, input} of the call that a hook put off; empty: none. The session that goes on makes it.
  std::string deferred_call_json;
  std::string origin;  ///< "task-notification" when no message of the person started the turn
  bool is_error() const { return outcome != TurnOutcome::kSuccess; }
};

/// As the result message names it: completed, api_error, aborted_streaming, …
std::string_view terminal_reason(const TurnEnded& ended);

/// The conversation is being summarised, because it grew too long or the person asked for it.
struct CompactionStarted {};

/// It was, or could not be.
struct CompactionEnded {
  std::string uuid;     ///< of the boundary
  std::string trigger;  ///< auto, manual
  int64_t pre_tokens = 0;
  std::string summary;  ///< the message that stands in the place of the earlier ones
  std::string error;    ///< why there is none; empty: there is one
};

/// A hook began.
struct HookStarted {
  std::string hook_id;
  std::string name;   ///< "PreToolUse:Bash"
  std::string event;  ///< "PreToolUse"
};

/// It ended.
struct HookEnded {
  std::string hook_id;
  std::string name;
  std::string event;
  std::string out;
  std::string err;
  int exit_code = 0;
  std::string outcome;  ///< success, error, cancelled
};

/// The permission mode is another one from now on.
struct ModeChanged {
  std::string permission_mode;
};

/// A call to the model has its answer.
struct CallEnded {
  std::string model;
  anthropic::TokenUsage usage;
  anthropic::RequestIds ids;
  std::chrono::milliseconds took{};
  double cost_usd = 0;  ///< an estimate
  std::string
      cache_problem;  ///< why the cache could not serve it; empty: nothing was found, or nobody looked
};

/// Something the person should know that is part of no answer.
struct Notice {
  std::string text;
};

using Event =
    std::variant<MessageAccepted, SessionStarted, StreamEvent, AssistantBlock, ToolFinished, RetryScheduled,
                 TaskStarted, TaskChanged, CompactionStarted, CompactionEnded, HookStarted, HookEnded,
                 SubagentPrompt, ModeChanged, CallEnded, TurnEnded, Notice, ToolDecided, McpServerChanged>;

}  // namespace awl::protocol
