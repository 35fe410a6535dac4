// A server of bytes: records what came and answers with what the test says, right or wrong.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <string>
#include <vector>

#include "async/task_group.h"

namespace awl::net {

class RawServer {
 public:
  /// Called with each request's head (and what came with it); the answer is sent as it is. One without
  /// anything or with "connection: close" in it closes the connection.
  using Answer = std::function<std::string(const std::string& request)>;
  RawServer(const Executor& executor, Answer answer, std::string request_end = "\r\n\r\n")
      : acceptor_(executor, {boost::asio::ip::address_v4::loopback(), 0}),
        answer_(std::move(answer)),
        request_end_(std::move(request_end)) {}

  uint16_t port() const { return acceptor_.local_endpoint().port(); }
  int connections() const { return connections_; }
  const std::vector<std::string>& requests() const { return requests_; }

  /// Serves until cancelled.
  Task<> run() {
    async::TaskGroup group(acceptor_.get_executor());
    for (;;) {
      auto socket = co_await acceptor_.async_accept(boost::asio::use_awaitable);
      ++connections_;
      group.spawn(serve(std::move(socket)));
    }
  }

 private:
  Task<> serve(boost::asio::ip::tcp::socket socket) {
    std::string buffer;
    for (;;) {
      boost::system::error_code error;
      co_await boost::asio::async_read_until(socket, boost::asio::dynamic_buffer(buffer), request_end_,
                                             boost::asio::redirect_error(boost::asio::use_awaitable, error));
      if (error) co_return;
      requests_.push_back(std::exchange(buffer, {}));
      const std::string answer = answer_(requests_.back());
      if (answer.empty()) co_return;
      co_await boost::asio::async_write(socket, boost::asio::buffer(answer), boost::asio::use_awaitable);
      if (answer.contains("connection: close")) co_return;
    }
  }

  boost::asio::ip::tcp::acceptor acceptor_;
  Answer answer_;
  std::string request_end_;
  int connections_ = 0;
  std::vector<std::string> requests_;
};

}  // namespace awl::net
