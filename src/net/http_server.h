// Serving HTTP/1.1 on the loop: for the emulator, the gateway and test doubles.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "async/task.h"
#include "base/error.h"
#include "net/http.h"

namespace awl::net {

struct ServerRequest {
  std::string method;
  std::string target;  ///< path and query exactly as received: signatures are verified over it
  Headers headers;
  std::string body;
  std::string remote_address;  ///< of the peer, without its port; "" when it is not known
};

/// The answer to one request. Either respond(), or start() and then write()s. Writes wait for a slow reader.
class ResponseWriter {
 public:
  virtual ~ResponseWriter() = default;
  virtual Task<Result<>> respond(int status, Headers headers, std::string body) = 0;
  /// Begins a chunked body.
  virtual Task<Result<>> start(int status, Headers headers) = 0;
  virtual Task<Result<>> write(std::string_view bytes) = 0;
  /// Closes the connection without ending the body, as a broken server would.
  virtual void abort() = 0;
  /// The same with a TCP reset: what was sent and has not been read yet is lost too.
  virtual void reset() { abort(); }
};

class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  /// Called once per request; requests of one connection in turn, connections concurrently. A chunked body is
  /// ended when this returns. Cancelled when the server stops.
  virtual Task<> handle(const ServerRequest& request, ResponseWriter& response) = 0;
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  uint16_t port = 0;                                 ///< 0: the kernel chooses
  size_t max_body_bytes = 64 << 20;                  ///< past it: 413
  uint32_t max_header_bytes = 64 << 10;              ///< past it: 431
  std::chrono::milliseconds read_timeout{120'000};   ///< for a whole request, and for the pause before it
  std::chrono::milliseconds write_timeout{600'000};  ///< for one write to a peer that does not read
};

class HttpServer {
 public:
  /// Listens at once; serves while run() is awaited. `handler` must outlive the server. Errors:
  /// kInvalidInput, kIo.
  static Result<std::unique_ptr<HttpServer>> listen(Executor executor, const ServerOptions& options,
                                                    HttpHandler& handler);
  virtual ~HttpServer() = default;
  virtual uint16_t port() const = 0;
  /// Accepts and serves until cancelled, then cancels and joins every connection.
  virtual Task<> run() = 0;
};

}  // namespace awl::net
