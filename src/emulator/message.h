// What the scripted model says, before it becomes JSON or an event stream.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "emulator/fault.h"
#include "json/json.h"
#include "net/http.h"

namespace awl::emulator {

/// One content block of an answer.
struct Block {
  enum class Kind { kText, kThinking, kToolUse, kOther };
  Kind kind = Kind::kText;
  std::string text;       ///< kText, kThinking
  std::string signature;  ///< kThinking; empty: made by the emulator
  std::string id;         ///< kToolUse; empty: made by the emulator
  std::string name;       ///< kToolUse
  std::string json;       ///< kToolUse: the input as it is streamed; kOther: the whole block
};

Block text_block(std::string text);
/// `input` is a JSON object.
Block tool_use_block(std::string name, const json::Value& input);

/// One turn of the scripted model: an answer, or an error in its place, and how it is sent.
struct Step {
  std::vector<Block> content;
  std::string stop_reason;                 ///< empty: tool_use or end_turn, by the content
  std::map<std::string, long long> usage;  ///< replaces the estimates of these names
  int status = 200;                        ///< anything else: an error response
  std::string error_type;                  ///< empty: the type that belongs to the status
  std::string error_message;
  net::Headers headers;  ///< added to the response
  std::chrono::milliseconds delay{0};
  std::chrono::milliseconds event_delay{0};
  size_t chunk_bytes = 24;                      ///< size of a delta
  std::optional<size_t> cut_after_events;       ///< the connection breaks after that many events
  std::optional<std::string> raw_event_stream;  ///< sent in place of the events, as it is
  std::optional<Fault> fault;                   ///< what goes wrong with this answer
};

/// Chooses the answer to a valid request.
class Model {
 public:
  virtual ~Model() = default;
  virtual Step next(const json::Value& request) = 0;
};

struct Usage {
  long long input_tokens = 0;
  long long output_tokens = 0;
  long long cache_creation_input_tokens = 0;
  long long cache_creation_1h_tokens = 0;  ///< of those, written for an hour; the rest for five minutes
  long long cache_read_input_tokens = 0;
};

/// A finished answer, ready to be written.
struct Message {
  std::string id;
  std::string model;
  std::vector<Block> content;
  std::string stop_reason;
  Usage usage;
};

/// Gives the step's content its ids and signatures, and counts its tokens.
/// `input` is the input's part of the usage.
Message make_message(const Step& step, const std::string& model, const Usage& input);

/// `usage` as messages and events carry it.
json::Value usage_json(const Usage& usage);

/// The response body of a request that does not stream. A tool's input that is no JSON object becomes {}.
std::string message_json(const Message& message);

/// The signature of a thinking block that this emulator made. It depends on the text alone, so that it can be
/// checked in later requests, after a restart too.
std::string sign_thinking(std::string_view thinking);
/// True for signatures of sign_thinking's form; those of scenario files are not ours.
bool is_own_signature(std::string_view signature);

}  // namespace awl::emulator
