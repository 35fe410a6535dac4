// awl's tools for clients of the Model Context Protocol. Source: modelcontextprotocol.io, specification
// 2025-11-25, "Lifecycle" and "Tools".
#pragma once

#include <string>
#include <string_view>

#include "agent/tool_service.h"
#include "async/task.h"
#include "rpc/json_rpc.h"

namespace awl::mcp_server {

class Server {
 public:
  /// `tools` outlives it.
  Server(const Executor& executor, rpc::JsonRpc::Write write, std::string version, agent::ToolService& tools);
  /// Bytes of the client.
  void feed(std::string_view bytes) { rpc_.feed(bytes); }
  /// The client is gone: ends every call, and what tools left running.
  Task<> close();

 private:
  Task<Result<json::Value>> handle(std::string method, json::Value params);
  json::Value initialize(const json::Value& params) const;
  json::Value list() const;
  Task<Result<json::Value>> call(const json::Value& params);

  std::string version_;
  agent::ToolService& tools_;
  rpc::JsonRpc rpc_;
};

}  // namespace awl::mcp_server
