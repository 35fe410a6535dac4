// The Messages API's stream, event by event. Source: platform documentation, "Streaming Messages".
//
// To serve a further event: add its struct here, a line in parse_stream_event(), and what it does in
// MessageAssembler.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/error.h"
#include "json/value.h"

namespace awl::anthropic {

struct MessageStart {
  std::string id;
  std::string model;
  json::Value usage;
};
struct BlockStart {
  size_t index = 0;
  json::Value block;
};
struct BlockDelta {
  size_t index = 0;
  std::string type;  ///< text_delta, input_json_delta, thinking_delta, signature_delta, citations_delta or
                     ///< one to come
  json::Value delta;
};
struct BlockStop {
  size_t index = 0;
};
/// `stop_details` of a refusal: both are empty when the refusal has no category.
struct StopDetails {
  std::string category;     ///< cyber, bio, …
  std::string explanation;  ///< for people
};
struct MessageDelta {
  std::string stop_reason;  ///< "" when null
  StopDetails stop_details;
  json::Value usage;
};
struct MessageStop {};
struct StreamError {
  std::string type;  ///< overloaded_error, api_error, …
  std::string message;
};
/// ping, and whatever is new: passed on, never an error.
struct OtherEvent {
  std::string type;
};

using ParsedEvent = std::variant<MessageStart, BlockStart, BlockDelta, BlockStop, MessageDelta, MessageStop,
                                 StreamError, OtherEvent>;

/// `data` is the data of one server-sent event. Errors: kParse, when it is no JSON object with a type or
/// lacks what its type promises.
Result<ParsedEvent> parse_stream_event(std::string_view data);

}  // namespace awl::anthropic
