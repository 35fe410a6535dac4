// A loop with a time limit, for tests over real sockets.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <exception>
#include <memory>

#include "async/task_group.h"
#include "net/curl_client.h"
#include "net/http_server.h"

namespace awl::net {

class Loop {
 public:
  boost::asio::io_context& io() { return io_; }
  Executor executor() { return io_.get_executor(); }

  /// Runs `body` to its end; fails the test when that takes longer than `limit`.
  void run(Task<> body, std::chrono::seconds limit = std::chrono::seconds(30)) {
    boost::asio::steady_timer watchdog(io_, limit);
    watchdog.async_wait([&](const boost::system::error_code& error) {
      if (error) return;
      ADD_FAILURE() << "not done within " << limit.count() << " s";
      io_.stop();
    });
    std::exception_ptr failure;
    boost::asio::co_spawn(io_, std::move(body), [&](const std::exception_ptr& e) {
      failure = e;
      watchdog.cancel();
    });
    io_.restart();
    io_.run();
    if (failure) std::rethrow_exception(failure);
  }

 private:
  boost::asio::io_context io_;
};

/// A handler made from a function.
class Handler : public HttpHandler {
 public:
  using Function = std::function<Task<>(const ServerRequest&, ResponseWriter&)>;
  explicit Handler(Function function) : function_(std::move(function)) {}
  Task<> handle(const ServerRequest& request, ResponseWriter& response) override {
    co_await function_(request, response);
  }

 private:
  Function function_;
};

/// The server of the library with a loop, a client, and a test body that runs while it serves.
class ServedLoop : public Loop {
 public:
  explicit ServedLoop(Handler::Function function, const ServerOptions& options = {})
      : handler_(std::move(function)) {
    auto server = HttpServer::listen(executor(), options, handler_);
    if (!server) throw std::runtime_error(server.error().message);
    server_ = std::move(*server);
    client_ = make_curl_client(executor(), {});
  }
  uint16_t port() const { return server_->port(); }
  std::string url(std::string_view target) const {
    return fmt::format("http://127.0.0.1:{}{}", port(), target);
  }
  HttpClient& client() { return *client_; }
  void drop_client() { client_.reset(); }

  void run_served(Task<> body) { run(serve_while(std::move(body))); }

 private:
  Task<> serve_while(Task<> body) {
    async::TaskGroup group(executor());
    group.spawn(server_->run());
    std::exception_ptr failure;
    try {
      co_await std::move(body);
    } catch (...) {
      failure = std::current_exception();
    }
    group.cancel();
    co_await group.join();
    if (failure) std::rethrow_exception(failure);
  }

  Handler handler_;
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<CurlClient> client_;
};

}  // namespace awl::net
