// The bytes of a Messages API request. Source: platform documentation, "Create a Message" and "Count Tokens".
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "anthropic/cache_policy.h"
#include "anthropic/conversation.h"
#include "anthropic/models.h"
#include "anthropic/provider.h"
#include "anthropic/reasoning.h"
#include "anthropic/rejected_feature.h"
#include "anthropic/request_extras.h"
#include "net/http.h"

namespace awl::anthropic {

struct RequestSettings {
  ModelChoice model;
  CachePolicy cache;
  Reasoning reasoning;
  std::string session_id;
  std::string agent_id = {};  ///< of a subagent; empty: the session itself asks
  std::string device_id;      ///< tells this installation's calls apart; made up, names nobody; may be empty
  std::string user_agent;
  std::string attribution;                ///< of the client, for who runs the platform; empty: none
  int64_t max_output_tokens = 0;          ///< 0: the model's default
  std::vector<std::string> system_texts;  ///< the parts of the system prompt, most stable first; may be empty
  std::vector<std::string>
      tool_definitions;      ///< JSON objects {name, description, input_schema}, in a fixed order
  bool tool_search = false;  ///< tools may come later, with defer_loading and tool_reference blocks
  RequestExtras extras;
  Features left_out;           ///< what the upstream does not know
  std::string not_found_hint;  ///< for the person, when the platform does not know the model; may be empty
};

/// What every request to the provider carries, but for authentication: versions, session, workspace, and the
/// person's own headers in the place of what they override.
net::Headers common_headers(const Provider& provider, const RequestSettings& settings);

/// Holds everything of a request that does not change from turn to turn, serialised once.
class RequestBuilder {
 public:
  RequestBuilder(const Provider& provider, const RequestSettings& settings);

  /// Adds a definition behind those of the settings: every request from now on begins with the same bytes as
  /// before.
  void add_tool(std::string_view definition);

  /// Answers from now on may have this many tokens at most.
  void limit_output(int64_t tokens);

  /// POST /v1/messages for this conversation, complete but for authentication.
  net::HttpRequest build(const Conversation& conversation) const;
  /// POST /v1/messages/count_tokens for the same.
  net::HttpRequest build_count(const Conversation& conversation) const;
  /// POST /v1/messages that asks for a single token and no stream: its usage tells what the input counts.
  net::HttpRequest build_probe(const Conversation& conversation) const;

  /// What a request begins with, up to the messages.
  std::string_view head() const { return head_; }
  /// Bytes of the request without the messages.
  size_t fixed_bytes() const { return head_.size() + tail_.size(); }

 private:
  /// A top-level field: its key, and its value as JSON text.
  using Field = std::pair<std::string, std::string>;
  net::HttpRequest post(std::string_view path, const std::vector<Field>& fields,
                        const Conversation& conversation) const;

  std::string base_url_;
  std::string url_;  // of a call
  bool bedrock_ = false;
  net::Headers headers_;
  std::vector<Field> before_;  // the messages
  std::vector<Field> after_;
  std::string head_;  // before_ serialised, up to `"messages":`
  std::string tail_;  // after_ serialised: what follows the messages
  std::string marker_;
};

}  // namespace awl::anthropic
