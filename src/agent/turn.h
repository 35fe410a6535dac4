// One turn: from a message to the answer that ends it.
#pragma once

#include <expected>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "agent/compaction.h"
#include "agent/context_guard.h"
#include "agent/media_relief.h"
#include "agent/model_routes.h"
#include "agent/session_hooks.h"
#include "agent/structured_output.h"
#include "agent/tool_runner.h"
#include "agent/usage_ledger.h"
#include "anthropic/client.h"
#include "anthropic/conversation.h"
#include "anthropic/error_advice.h"
#include "anthropic/prefix_watch.h"
#include "anthropic/request_builder.h"
#include "protocol/event.h"
#include "session/recorder.h"

namespace awl::agent {

using EmitEvent = std::function<void(protocol::Event)>;

/// What a turn works with; everything outlives it.
struct TurnContext {
  anthropic::MessagesClient& client;
  std::vector<ModelRoute>& routes;  ///< the session's model, then its fallbacks in order
  anthropic::Conversation& conversation;
  ToolRunner& tools;
  UsageLedger& ledger;
  ContextGuard& guard;
  Compaction& compaction;
  EmitEvent emit;
  /// Texts that the model should see with the next tool results, such as ended background commands.
  std::function<std::vector<std::string>()> take_notices;
  /// A model refused: moves the session to the model that stands in for it, if there is one for the refusal's
  /// category. True when it did; `routes` begin with that model then.
  std::function<bool(const anthropic::StopDetails&)> switch_model;
  /// The upstream does not know these parts of a request: later requests go without them. False: they already
  /// do, or cannot.
  std::function<bool(const std::vector<std::string>& features)> leave_out;
  session::Recorder* recorder;  ///< null: nothing is written down
  const anthropic::AdviceFacts& advice;
  StructuredOutput& structured_output;
  SessionHooks* hooks = nullptr;                   ///< null: none
  int max_turns = 0;                               ///< model calls with tool results; 0: no limit
  double max_budget_usd = 0;                       ///< for the session; 0: no limit
  anthropic::PrefixWatch* prefix_watch = nullptr;  ///< null: nobody looks
};

class Turn {
 public:
  explicit Turn(TurnContext context) : context_(std::move(context)), relief_(context_.conversation) {}

  /// Adds the message, asks the model and runs its tools until it is done. Cancelling it leaves the
  /// conversation valid for the API once close() was called.
  /// `deferred`: a tool_use block that the conversation ends with and that is run first; then the message may
  /// be empty.
  Task<> run(std::vector<std::string> message_blocks, std::string message_uuid, std::string deferred = {});

  /// After cancellation: keeps what was complete of an answer in progress, and answers the tool calls that
  /// have no result yet.
  void close();

  /// The turn's end as known so far; complete after run().
  protocol::TurnEnded summary() const;
  void set_interrupted();
  /// The turn was ended by an exception, which is a bug.
  void set_failed(std::string_view cause);
  /// The message cannot be sent and was not added to the conversation.
  void refuse(const Error& error);
  /// The same because of an image or document in it.
  void reject(const Error& error);
  /// Rounds of tool calls so far.
  int tool_rounds() const { return tool_rounds_; }
  /// Of the error that ended the turn: rate_limit, overloaded, …; empty: none did.
  const std::string& error_category() const { return error_category_; }

 private:
  class Observer;

  Task<std::expected<anthropic::ModelAnswer, anthropic::CallError>> ask();
  bool falls_back(const anthropic::CallError& error);
  bool makes_room();
  bool is_relieved(const anthropic::CallError& error);
  bool is_simplified(const anthropic::CallError& error);
  bool asks_for_less(const anthropic::CallError& error);
  Task<bool> compacts();
  void forget_message();
  void add_message(std::string_view text);
  Task<bool> take(anthropic::ModelAnswer& answer);
  Task<bool> must_go_on(const anthropic::ModelAnswer& answer);
  bool was_stopped();
  bool was_deferred();
  Task<bool> make_deferred_call(const std::string& block_json);
  bool take_refusal(const anthropic::ModelAnswer& answer);
  void keep(const std::vector<anthropic::ContentBlock>& blocks);
  Task<> run_tools(const anthropic::ModelAnswer& answer, bool lost_call);
  bool reached_limit();
  bool gave_up_on_output(const anthropic::ModelAnswer& answer);
  void end_without_output();
  bool goes_on(const anthropic::ModelAnswer& answer, bool lost_call);
  void finish(const anthropic::ModelAnswer& answer);
  void end(protocol::TurnOutcome outcome, std::string text);
  void end_with_error(const std::string& sentence, const std::string& category);

  TurnContext context_;
  MediaRelief relief_;
  protocol::TurnEnded ended_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::vector<std::string> open_calls_;  // ids of tool calls that the conversation holds without results
  std::map<std::string, std::string> finished_;       // the results of those that have ended, by id
  std::vector<anthropic::ContentBlock> in_progress_;  // complete blocks of the answer that is being received
  std::string in_progress_id_;
  std::string text_so_far_;  // of answers that were cut off or paused, and continued
  size_t first_size_ = 0;    // of the conversation when the message was its last
  size_t route_ = 0;         // of context_.routes: a fallback serves until the turn ends
  int tool_results_ = 0;
  int tool_rounds_ = 0;
  int continuations_ = 0;
  int stops_held_up_ = 0;  // by Stop hooks, in a row
  std::string error_category_;
  bool asked_for_less_ = false;
  int compactions_ = 0;  // in a row
  int pauses_ = 0;
};

}  // namespace awl::agent
