// How many tokens a request's input has. Source: platform documentation, "Token counting".
#pragma once

#include <cstdint>
#include <expected>
#include <optional>

#include "anthropic/conversation.h"
#include "anthropic/json_client.h"
#include "anthropic/request_builder.h"
#include "anthropic/usage.h"

namespace awl::anthropic {

struct TokenCount {
  int64_t input_tokens = 0;
  std::optional<TokenUsage> spent;  ///< what it cost to find out; nothing at the route for it
};

/// Asks /v1/messages/count_tokens, which is free. Where that is refused or absent, an inference of one token
/// tells instead, then and for the rest of the session. `client` outlives it.
class TokenCounter {
 public:
  explicit TokenCounter(JsonClient& client) : client_(client) {}

  Task<std::expected<TokenCount, CallError>> count(const RequestBuilder& requests,
                                                   const Conversation& conversation);

 private:
  Task<std::expected<TokenCount, CallError>> probe(const RequestBuilder& requests,
                                                   const Conversation& conversation);
  JsonClient& client_;
  bool has_route_ = true;
};

}  // namespace awl::anthropic
