// How messages of the Model Context Protocol travel. Source: modelcontextprotocol.io, specification
// 2025-11-25, "Transports".
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "async/task.h"
#include "base/error.h"
#include "mcp/oauth_token.h"
#include "mcp/server_config.h"
#include "net/http.h"

namespace awl::mcp {

/// What a transport tells its client; all on the loop's thread.
struct TransportEvents {
  std::function<void(std::string message)> on_message;
  /// Does that request still wait for its answer?
  std::function<bool(int64_t id)> is_waiting;
  /// The request of that id gets no answer.
  std::function<void(int64_t id, Error error)> on_failed;
  /// Nothing more will come.
  std::function<void(Error reason)> on_closed;
};

class Transport {
 public:
  virtual ~Transport() = default;
  /// Errors: kNotFound, kIo (a program that cannot be started), kNetwork.
  virtual Task<Result<>> open(TransportEvents events) = 0;
  /// Sends one message; `id` is that of a request. Never waits.
  virtual void send(std::string message, std::optional<int64_t> id) = 0;
  /// The handshake is done, with this revision of the protocol.
  virtual void on_initialized(const std::string& /*revision*/) {}
  virtual Task<> close() = 0;
};

/// A program whose standard input and output carry one message a line. It dies with this process.
std::unique_ptr<Transport> make_stdio_transport(Executor executor, const ServerConfig& config,
                                                std::vector<std::string> environment, os::Path folder);
/// Streamable HTTP, or, with `old_style`, HTTP with server-sent events. `http` outlives it. `tokens`: of a
/// person who signed in; null: the headers say who asks.
std::unique_ptr<Transport> make_http_transport(Executor executor, net::HttpClient& http, std::string url,
                                               net::Headers headers, bool old_style,
                                               std::unique_ptr<TokenSource> tokens);
/// A server in the program that drives awl: `pass` takes a message there and gives the answer to it.
std::unique_ptr<Transport> make_hosted_transport(
    Executor executor, std::function<Task<Result<std::string>>(std::string message)> pass);

}  // namespace awl::mcp
