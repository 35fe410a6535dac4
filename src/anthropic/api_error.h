// What the platform answers when it does not answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "net/http.h"

namespace awl::anthropic {

/// Both ids of a response: x-amzn-requestid is in CloudTrail, request-id is what support asks for.
struct RequestIds {
  std::string amzn;
  std::string anthropic;
};
RequestIds request_ids(const net::Headers& headers);
/// " (request-id …, x-amzn-requestid …)", or "" when there is none.
std::string describe(const RequestIds& ids);

/// A call that failed for good, or an attempt that did.
struct CallError {
  Error error;                ///< the sentence for the person
  std::optional<int> status;  ///< HTTP status; none when there was no response
  std::string category;  ///< authentication_failed, rate_limit, overloaded, invalid_request, server_error, …
  RequestIds ids;
};

/// Adds to the sentence about a refused request why its credentials could not be renewed, and what to do
/// then.
void add_cause(Error& error, const Error& cause);

/// Reads an error response: the API's JSON form, else the start of whatever came (a proxy's page).
CallError parse_error_response(int status, const net::Headers& headers, std::string_view body);

/// Whether what the platform says is that no more money may be spent: waiting a little does not help.
bool is_spend_limit(std::string_view error_type, std::string_view message, std::string_view error_code);

/// Of a 400 that says that input and max_tokens together exceed the window ("190000 + 32000 > 200000"): how
/// many tokens an answer may have beside that input. nullopt: it says something else, or too little is left
/// for an answer.
std::optional<int64_t> room_for_output(const CallError& error);

/// Whether the input alone is longer than the window, in the words of the platform, Bedrock or a gateway.
bool is_too_long(const CallError& error);

/// The category of `system/api_retry` events and assistant errors (product documentation, "headless").
/// `status` is 0 for an error event of a stream.
std::string category_of(int status, std::string_view error_type);

}  // namespace awl::anthropic
