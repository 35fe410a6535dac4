// Puts an answer of the model together from its stream.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "anthropic/stream_events.h"
#include "anthropic/usage.h"
#include "json/value.h"

namespace awl::anthropic {

/// A finished content block: the bytes that go back to the API unchanged, and what the agent looks at.
struct ContentBlock {
  std::string type;
  std::string json;  ///< the block, serialised once
  std::string text;  ///< of a text block

  // Of a tool_use block:
  std::string tool_use_id;
  std::string tool_name;
  json::Value tool_input;        ///< an object; {} when the model's input was no JSON object
  std::string tool_input_error;  ///< why it was none; else empty

  bool is_tool_use() const { return type == "tool_use"; }
  /// The API refuses text blocks without a visible character: they are shown, but not sent back.
  bool can_be_sent_back() const;
};

class MessageAssembler {
 public:
  /// Takes the next event. A block that it completes is returned. A second end of a block and what follows
  /// the end of the message are passed over. Errors: kParse (events in an impossible order), kApi (the
  /// stream's own error event; its message is the API's).
  Result<std::optional<ContentBlock>> take(ParsedEvent event);

  /// Ends the blocks whose end did not come, in order. After the end of the message: all of them. When the
  /// stream broke off: the tool calls whose input is a whole JSON object; the rest is lost.
  std::vector<ContentBlock> close_open(bool only_whole_calls);

  bool started() const { return started_; }
  bool finished() const { return finished_; }
  /// The end of the message came, or all of it but that.
  bool complete() const { return finished_ || (!stop_reason_.empty() && open_.empty()); }
  /// The type of the error event that take() answered with kApi: overloaded_error, …
  const std::string& error_type() const { return error_type_; }

  const std::string& message_id() const { return message_id_; }
  const std::string& model() const { return model_; }
  const std::string& stop_reason() const { return stop_reason_; }
  const StopDetails& stop_details() const { return stop_details_; }
  const TokenUsage& usage() const { return usage_; }
  const json::Value& usage_json() const { return usage_json_; }

 private:
  struct OpenBlock {
    json::Value block;
    std::string text;       // text or thinking so far
    std::string signature;  // of thinking
    std::string input;      // partial_json of a tool call
    bool has_input = false;
  };
  Result<> on_start(MessageStart event);
  Result<> on_delta(BlockDelta event);
  void on_usage(const json::Value& usage);
  ContentBlock finish(OpenBlock open);
  void finish_call(ContentBlock& result, json::Value& block);

  bool started_ = false;
  bool finished_ = false;
  std::string error_type_;
  std::string message_id_;
  std::string model_;
  std::string stop_reason_;
  StopDetails stop_details_;
  TokenUsage usage_;
  json::Value usage_json_;
  std::map<size_t, OpenBlock> open_;
  std::set<size_t> closed_;
  std::set<std::string> call_ids_;
};

}  // namespace awl::anthropic
