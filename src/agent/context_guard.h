// Says before a request is sent that it is longer than the model's context window.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "agent/usage_ledger.h"
#include "anthropic/conversation.h"
#include "anthropic/models.h"
#include "anthropic/request_builder.h"
#include "anthropic/token_counter.h"

namespace awl::agent {

/// Estimates from what earlier answers counted and what was added since, and has the platform count only near
/// the limit. One per conversation.
class ContextGuard {
 public:
  /// Both outlive it. Without `counter`, nothing is ever found too long.
  ContextGuard(anthropic::TokenCounter* counter, UsageLedger& ledger) : counter_(counter), ledger_(ledger) {}

  /// The error that the request would get, when the input surely does not fit: kApi, "Prompt is too long…".
  /// A count that fails decides nothing; then the platform does.
  Task<std::optional<anthropic::CallError>> check(const anthropic::ModelChoice& model,
                                                  const anthropic::RequestBuilder& requests,
                                                  const anthropic::Conversation& conversation);

  /// Tokens of the conversation with all that stands before it: what was counted last, and a guess at what
  /// came since.
  int64_t estimate(const anthropic::Conversation& conversation) const;
  /// The conversation is another one from now on.
  void forget() { known_tokens_ = 0, known_bytes_ = 0; }

  /// After an answer: what its request, of `counted_bytes` of messages, and itself counted.
  void note(const anthropic::TokenUsage& usage, size_t counted_bytes);

 private:
  anthropic::TokenCounter* counter_;
  UsageLedger& ledger_;
  int64_t known_tokens_ = 0;  // of the messages' first known_bytes_, with all that stands before them
  size_t known_bytes_ = 0;
};

}  // namespace awl::agent
