// One connection to an MCP server. Source: modelcontextprotocol.io, specification 2025-11-25.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "async/event.h"
#include "async/task_group.h"
#include "json/value.h"
#include "mcp/transport.h"

namespace awl::mcp {

struct ToolInfo {
  std::string name;
  std::string description;
  json::Value input_schema;
  bool read_only = false;       ///< annotations.readOnlyHint
  bool always_load = false;     ///< _meta, anthropic/alwaysLoad
  bool needs_person = false;    ///< _meta, anthropic/requiresUserInteraction
  size_t max_result_chars = 0;  ///< _meta, anthropic/maxResultSizeChars; 0: the usual limit
};

struct PromptInfo {
  std::string name;
  std::string description;
  std::vector<std::string> arguments;  ///< their names, in order
};

struct ClientOptions {
  std::string client_name;
  std::string client_version;
  std::vector<os::Path> roots;
  std::chrono::milliseconds start_limit{30'000};
  std::function<void()> on_changed;             ///< tools, prompts or resources are others now
  std::function<void(const Error&)> on_closed;  ///< the connection is gone
  /// Asks the person; gives {action, content?}. Not set: `cancel`.
  std::function<Task<std::string>(std::string params_json)> elicit;
};

class Client {
 public:
  Client(Executor executor, std::unique_ptr<Transport> transport, ClientOptions options);
  ~Client();

  /// Connects, shakes hands and asks for what there is. Errors: those of the transport, kTimeout, kProtocol
  /// (kParse) for a server that speaks something else.
  Task<Result<>> connect();
  bool is_open() const { return open_; }

  const std::vector<ToolInfo>& tools() const { return tools_; }
  const std::vector<PromptInfo>& prompts() const { return prompts_; }
  bool has_resources() const { return has_resources_; }
  const std::string& instructions() const { return instructions_; }
  const std::string& server_name() const { return server_name_; }
  const std::string& server_version() const { return server_version_; }

  /// The result of a request. Errors: kApi with the server's message, kTimeout, those of the transport.
  /// Cancelling it tells the server.
  Task<Result<json::Value>> request(std::string method, json::Value params, std::chrono::milliseconds limit);
  Task<> close();

 private:
  struct Waiting {
    std::optional<Result<json::Value>> answer;
  };
  void on_message(const std::string& text);
  void on_answer(const json::Value& message);
  void on_request(const json::Value& message);
  void on_notification(const std::string& method);
  void fail_all(const Error& error);
  void answer(const json::Value& id, json::Value result);
  Task<> answer_elicitation(json::Value id, json::Value params);
  Task<Result<>> shake_hands();
  Task<Result<std::vector<json::Value>>> list(std::string method, std::string key);
  Task<> refresh_tools();
  Task<> refresh_prompts();
  Task<Result<>> list_all();

  Executor executor_;
  std::unique_ptr<Transport> transport_;
  ClientOptions options_;
  bool open_ = false;
  json::Value capabilities_;
  std::vector<ToolInfo> tools_;
  std::vector<PromptInfo> prompts_;
  bool has_resources_ = false;
  std::string instructions_;
  std::string server_name_;
  std::string server_version_;
  int64_t last_id_ = 0;
  std::map<int64_t, std::shared_ptr<Waiting>> waiting_;
  std::optional<Error> closed_by_;
  async::Event answered_;
  async::TaskGroup tasks_;
};

}  // namespace awl::mcp
