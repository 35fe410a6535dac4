#include "mcp_server/server.h"

#include <fmt/format.h>

#include <algorithm>

#include "mcp/revisions.h"
#include "mcp_server/tool_content.h"

namespace awl::mcp_server {

Server::Server(const Executor& executor, rpc::JsonRpc::Write write, std::string version,
               agent::ToolService& tools)
    : version_(std::move(version)),
      tools_(tools),
      rpc_(executor, std::move(write), [this](std::string method, json::Value params) {
        return handle(std::move(method), std::move(params));
      }) {}

// A client that speaks another revision is told the newest one, and decides itself whether it can go on.
json::Value Server::initialize(const json::Value& params) const {
  const std::string wanted = json::string_or_empty(params, "protocolVersion");
  const bool known = std::ranges::find(mcp::kRevisions, wanted) != mcp::kRevisions.end();
  return {{"protocolVersion", known ? wanted : std::string(mcp::kRevisions.front())},
          {"capabilities", {{"tools", json::Value::object()}}},
          {"serverInfo", {{"name", "awl"}, {"title", "Awl"}, {"version", version_}}}};
}

json::Value Server::list() const {
  json::Value all = json::Value::array();
  for (const std::string& definition : tools_.definitions()) {
    const auto written = json::parse(definition);
    if (!written) continue;
    json::Value tool{{"name", json::string_or_empty(*written, "name")},
                     {"description", json::string_or_empty(*written, "description")}};
    if (const json::Value* schema = json::find(*written, "input_schema")) tool["inputSchema"] = *schema;
    all.push_back(std::move(tool));
  }
  return {{"tools", std::move(all)}};
}

Task<Result<json::Value>> Server::call(const json::Value& params) {
  const std::string name = json::string_or_empty(params, "name");
  if (!tools_.has(name))
    co_return fail(
        ErrorKind::kInvalidInput,
        fmt::format("there is no tool named \"{}\" here; tools/list names those that there are", name));
  const json::Value* arguments = json::find(params, "arguments");
  json::Value input = arguments == nullptr ? json::Value::object() : *arguments;
  if (!input.is_object()) co_return fail(ErrorKind::kInvalidInput, "`arguments` is not an object");
  const auto result = co_await tools_.call(name, std::move(input));
  co_return to_call_result(result);
}

Task<Result<json::Value>> Server::handle(std::string method, json::Value params) {
  if (method == "initialize") co_return initialize(params);
  if (method == "ping") co_return json::Value::object();
  if (method == "tools/list") co_return list();
  if (method == "tools/call") {
    auto called = co_await call(params);
    co_return called;
  }
  if (method == "notifications/cancelled") {
    if (const json::Value* id = json::find(params, "requestId")) rpc_.cancel(*id);
    co_return json::Value::object();
  }
  co_return fail(ErrorKind::kUnsupported, fmt::format("there is no method {}", method));
}

Task<> Server::close() {
  co_await rpc_.close();
  co_await tools_.close();
}

}  // namespace awl::mcp_server
