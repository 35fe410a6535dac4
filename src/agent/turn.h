// One turn: from a message to the answer that ends it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "agent/tool_runner.h"
#include "agent/usage_ledger.h"
#include "anthropic/client.h"
#include "anthropic/conversation.h"
#include "anthropic/request_builder.h"
#include "protocol/event.h"

namespace awl::agent {

using EmitEvent = std::function<void(protocol::Event)>;

/// What a turn works with; everything outlives it.
struct TurnContext {
  anthropic::MessagesClient& client;
  const anthropic::RequestBuilder& requests;
  const anthropic::ModelChoice& model;
  anthropic::Conversation& conversation;
  ToolRunner& tools;
  UsageLedger& ledger;
  EmitEvent emit;
  /// Texts that the model should see with the next tool results, such as ended background commands.
  std::function<std::vector<std::string>()> take_notices;
  int max_turns = 0;  ///< model calls with tool results; 0: no limit
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

 private:
  Task<> run_tools(const anthropic::ModelAnswer& answer);
  void finish(const anthropic::ModelAnswer& answer);

  TurnContext context_;
  protocol::TurnEnded ended_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::vector<std::string> open_calls_;  // ids of tool calls that the conversation holds without results
  int tool_results_ = 0;
  int tool_rounds_ = 0;
};

}  // namespace awl::agent
