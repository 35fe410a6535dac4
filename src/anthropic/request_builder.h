// The bytes of a Messages API request. Source: platform documentation, "Create a Message".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "anthropic/cache_policy.h"
#include "anthropic/conversation.h"
#include "anthropic/models.h"
#include "anthropic/provider.h"
#include "anthropic/reasoning.h"
#include "net/http.h"

namespace awl::anthropic {

struct RequestSettings {
  ModelChoice model;
  CachePolicy cache;
  Reasoning reasoning;
  std::string session_id;
  std::string user_agent;
  int64_t max_output_tokens = 0;          ///< 0: the model's default
  std::vector<std::string> system_texts;  ///< the parts of the system prompt, most stable first; may be empty
  std::vector<std::string>
      tool_definitions;  ///< JSON objects {name, description, input_schema}, in a fixed order
};

/// Holds everything of a request that does not change from turn to turn, serialised once.
class RequestBuilder {
 public:
  RequestBuilder(const Provider& provider, const RequestSettings& settings);

  /// POST /v1/messages for this conversation, complete but for authentication.
  net::HttpRequest build(const Conversation& conversation) const;

 private:
  std::string url_;
  net::Headers headers_;
  std::string head_;  // up to `"messages":`
  std::string tail_;  // what follows the messages
  std::string marker_;
};

}  // namespace awl::anthropic
