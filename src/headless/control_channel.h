// Questions to the program that drives a session, over its standard streams: permission, hooks, MCP servers
// inside of it. Source: product documentation, "agent-sdk"; the envelope is {type: control_request,
// request_id, request}.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "async/event.h"
#include "headless/byte_sink.h"
#include "json/value.h"
#include "protocol/host.h"

namespace awl::headless {

class ControlChannel final : public protocol::Host {
 public:
  /// `out` outlives it. With `asks_permission` the program is asked what no rule decides; else it is refused.
  ControlChannel(Executor executor, ByteSink& out, bool asks_permission);

  Task<protocol::PermissionAnswer> ask_permission(protocol::PermissionQuestion question) override;
  Task<std::string> elicit(protocol::ElicitationQuestion question) override;
  Task<Result<std::string>> call_hook(std::string callback_id, std::string input_json,
                                      std::string tool_use_id) override;
  Task<Result<std::string>> pass_mcp_message(std::string server, std::string message_json) override;

  /// A control_response of the program.
  void take_response(const json::Value& message);
  /// Nothing more will come: who waits gets an error.
  void close();

  /// Writes the answer to a control_request of the program: {subtype: success, response} or {subtype: error,
  /// error}.
  void answer(const std::string& request_id, json::Value response);
  void refuse(const std::string& request_id, const std::string& error);

 private:
  /// The response to a request. Errors: kApi with what the program says, kNetwork when it is gone. Cancelling
  /// it takes the question back.
  Task<Result<json::Value>> ask(json::Value request);
  void write(const json::Value& message);

  ByteSink& out_;
  bool asks_permission_;
  bool closed_ = false;
  async::Event answered_;
  std::map<std::string, std::optional<Result<json::Value>>> waiting_;
};

}  // namespace awl::headless
