// One turn: from a message to the answer that ends it.
#pragma once

#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "agent/structured_output.h"
#include "agent/tool_runner.h"
#include "agent/usage_ledger.h"
#include "anthropic/client.h"
#include "anthropic/conversation.h"
#include "anthropic/request_builder.h"
#include "protocol/event.h"

namespace awl::agent {

using EmitEvent = std::function<void(protocol::Event)>;

/// A model and the requests to it.
struct ModelRoute {
  anthropic::ModelChoice model;
  anthropic::RequestBuilder requests;
};

/// What a turn works with; everything outlives it.
struct TurnContext {
  anthropic::MessagesClient& client;
  const std::vector<ModelRoute>& routes;  ///< the session's model, then its fallbacks in order
  anthropic::Conversation& conversation;
  ToolRunner& tools;
  UsageLedger& ledger;
  EmitEvent emit;
  /// Texts that the model should see with the next tool results, such as ended background commands.
  std::function<std::vector<std::string>()> take_notices;
  StructuredOutput& structured_output;
  int max_turns = 0;          ///< model calls with tool results; 0: no limit
  double max_budget_usd = 0;  ///< for the session; 0: no limit
};

class Turn {
 public:
  explicit Turn(TurnContext context) : context_(std::move(context)) {}

  /// Adds the message, asks the model and runs its tools until it is done. Cancelling it leaves the
  /// conversation valid for the API once close() was called.
  Task<> run(std::vector<std::string> message_blocks);

  /// After cancellation: answers the tool calls that have no result yet.
  void close();

  /// The turn's end as known so far; complete after run().
  protocol::TurnEnded summary() const;
  void set_interrupted();
  /// The turn was ended by an exception, which is a bug.
  void set_failed(std::string_view cause);
  /// Rounds of tool calls so far.
  int tool_rounds() const { return tool_rounds_; }

 private:
  Task<std::expected<anthropic::ModelAnswer, anthropic::CallError>> ask();
  bool falls_back(const anthropic::CallError& error);
  Task<> run_tools(const anthropic::ModelAnswer& answer);
  bool reached_limit();
  bool goes_on(const anthropic::ModelAnswer& answer);
  void finish(const anthropic::ModelAnswer& answer);
  void end(protocol::TurnOutcome outcome, std::string text);

  TurnContext context_;
  protocol::TurnEnded ended_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::vector<std::string> open_calls_;  // ids of tool calls that the conversation holds without results
  std::string text_so_far_;              // of answers that max_tokens cut off and that were continued
  size_t route_ = 0;                     // of context_.routes: a fallback serves until the turn ends
  int tool_results_ = 0;
  int tool_rounds_ = 0;
  int continuations_ = 0;
};

}  // namespace awl::agent
