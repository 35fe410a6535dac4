#include "net/http_server.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/system/system_error.hpp>
#include <exception>

#include "async/task_group.h"
#include "async/timeout.h"
#include "net/server_connection.h"

namespace awl::net {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// How long to wait when the process has no descriptor left for another connection.
constexpr std::chrono::milliseconds kAcceptPause{100};

template <typename Socket>
void close_on_exec(Socket& socket) {
  ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
}

class Server : public HttpServer {
 public:
  Server(tcp::acceptor acceptor, ServerOptions options, HttpHandler& handler)
      : acceptor_(std::move(acceptor)), options_(std::move(options)), handler_(handler) {}

  uint16_t port() const override { return acceptor_.local_endpoint().port(); }

  Task<> run() override {
    async::TaskGroup connections(acceptor_.get_executor());
    std::exception_ptr failure;
    try {
      co_await accept_into(connections);
    } catch (...) {
      failure = std::current_exception();
    }
    // The cancellation that ended accept_into() must not end the joining too.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    connections.cancel();
    co_await connections.join();
    std::rethrow_exception(failure);
  }

 private:
  Task<> accept_into(async::TaskGroup& connections) {
    for (;;) {
      error_code error;
      tcp::socket socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
      if (error) {
        co_await async::sleep_for(kAcceptPause);
        continue;
      }
      close_on_exec(socket);
      socket.set_option(tcp::no_delay(true), error);
      connections.spawn(serve_connection(std::move(socket), options_, handler_));
    }
  }

  tcp::acceptor acceptor_;
  ServerOptions options_;
  HttpHandler& handler_;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::listen(Executor executor, const ServerOptions& options,
                                                       HttpHandler& handler) {
  error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) {
    return fail(ErrorKind::kInvalidInput,
                fmt::format("\"{}\" is no IP address to listen on", options.address),
                "Give a number such as 127.0.0.1 or ::1");
  }
  const tcp::endpoint endpoint(address, options.port);
  tcp::acceptor acceptor(executor);
  acceptor.open(endpoint.protocol(), error);
  if (!error) {
    close_on_exec(acceptor);
    acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  }
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
  if (error) {
    return fail(
        ErrorKind::kIo,
        fmt::format("cannot listen on {} port {}: {}", options.address, options.port, error.message()),
        error == asio::error::address_in_use ? "Stop the program that uses this port, or choose another"
                                             : "");
  }
  return std::make_unique<Server>(std::move(acceptor), options, handler);
}

}  // namespace awl::net
