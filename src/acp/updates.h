// What goes on in a session, as an editor is told: `session/update` notifications. Source:
// agentclientprotocol.com, "Prompt Turn" and "Tool Calls" (protocol version 1).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "json/value.h"
#include "protocol/event.h"
#include "session/restore.h"

namespace awl::acp {

class Updates {
 public:
  /// `send` takes the `update` object of each notification.
  explicit Updates(std::function<void(json::Value update)> send) : send_(std::move(send)) {}

  void on_event(const protocol::Event& event);
  /// What was said before, of a session that is loaded.
  void replay(const std::vector<session::RestoredMessage>& messages);

 private:
  void on_stream(const std::string& event_json);
  void on_block(const protocol::AssistantBlock& event);
  void on_result(const protocol::ToolFinished& result);
  void say(std::string_view kind, const std::string& text);

  std::function<void(json::Value update)> send_;
  bool streamed_ = false;  // the block that ends next was sent as it came
  bool answered_ = false;  // this turn said something
};

/// A tool call as `tool_call` and `session/request_permission` describe it.
json::Value describe_tool_call(const std::string& id, const std::string& name, const json::Value& input);

/// end_turn, cancelled, max_tokens, …; empty: the turn ended with an error.
std::string stop_reason(const protocol::TurnEnded& ended);

}  // namespace awl::acp
