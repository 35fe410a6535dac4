#include "net/server_connection.h"

#include <fmt/format.h>

#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/system/system_error.hpp>

#include "base/strings.h"
#include "net/server_request_parser.h"

namespace awl::net {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

constexpr std::chrono::seconds kLingerTime{2};

bool names_close(const Headers& headers) {
  const std::string* value = find_header(headers, "connection");
  return value && equals_ignore_case(trim(*value), "close");
}

// What a response to this request may consist of.
struct Framing {
  bool head_only = false;   // HEAD: the headers of a body, and no body
  bool chunked = true;      // else, for HTTP/1.0, the end of the connection ends a streamed body
  bool keep_alive = false;  // as the request wishes
};

class Writer : public ResponseWriter {
 public:
  Writer(beast::tcp_stream& stream, Framing framing, std::chrono::milliseconds write_timeout)
      : stream_(stream), framing_(framing), write_timeout_(write_timeout) {}

  Task<Result<>> respond(int status, Headers headers, std::string body) override {
    AWL_CO_CHECK(begin(status, headers));
    std::string head = status_line_and_headers(status, headers);
    const bool bodiless = status == 204 || status == 304 || status < 200;
    if (!bodiless && !find_header(headers, "content-length"))
      head += fmt::format("content-length: {}\r\n", body.size());
    head += "\r\n";
    if (bodiless || framing_.head_only) body.clear();
    state_ = State::kDone;
    auto sent = co_await send(std::array{asio::buffer(head), asio::buffer(body)});
    co_return sent;
  }

  Task<Result<>> start(int status, Headers headers) override {
    if (!framing_.chunked) framing_.keep_alive = false;
    AWL_CO_CHECK(begin(status, headers));
    std::string head = status_line_and_headers(status, headers);
    head += framing_.chunked ? "transfer-encoding: chunked\r\n\r\n" : "\r\n";
    state_ = State::kStreaming;
    auto sent = co_await send(std::array{asio::buffer(head)});
    co_return sent;
  }

  Task<Result<>> write(std::string_view bytes) override {
    if (state_ == State::kBroken) co_return broken();
    if (state_ != State::kStreaming) co_return misuse("write() outside a started response");
    if (bytes.empty() || framing_.head_only) co_return Result<>();
    if (!framing_.chunked) {
      auto sent = co_await send(std::array{asio::buffer(bytes)});
      co_return sent;
    }
    const std::string size = fmt::format("{:x}\r\n", bytes.size());
    auto sent = co_await send(std::array{asio::buffer(size), asio::buffer(bytes), asio::buffer("\r\n", 2)});
    co_return sent;
  }

  void abort() override {
    state_ = State::kBroken;
    error_code ignored;
    stream_.socket().close(ignored);
  }

  void reset() override {
    error_code ignored;
    // Closing a socket that lingers for no time sends RST in place of FIN.
    stream_.socket().set_option(asio::socket_base::linger(true, 0), ignored);
    abort();
  }

  // After the handler: completes the answer. True when the connection can take another request.
  Task<bool> finish() {
    if (state_ == State::kNothing) {
      auto sent = co_await respond(500, {}, "the server has no answer to this request\n");
      if (!sent) co_return false;
    } else if (state_ == State::kStreaming && framing_.chunked && !framing_.head_only) {
      auto sent = co_await send(std::array{asio::buffer("0\r\n\r\n", 5)});
      if (!sent) co_return false;
    }
    co_return state_ != State::kBroken&& framing_.keep_alive;
  }

 private:
  enum class State { kNothing, kStreaming, kDone, kBroken };

  static std::unexpected<Error> misuse(std::string what) {
    return fail(ErrorKind::kInternal, std::move(what));
  }
  static std::unexpected<Error> broken() {
    return fail(ErrorKind::kNetwork, "the connection to the client is closed");
  }

  Result<> begin(int status, const Headers& headers) {
    if (state_ == State::kBroken) return broken();
    if (state_ != State::kNothing) return misuse("a second response to one request");
    if (status < 100 || status > 999) return misuse(fmt::format("{} is no HTTP status", status));
    AWL_CHECK(check_headers(headers));
    if (names_close(headers)) framing_.keep_alive = false;
    return {};
  }

  std::string status_line_and_headers(int status, const Headers& headers) const {
    const auto reason =
        beast::http::obsolete_reason(beast::http::int_to_status(static_cast<unsigned>(status)));
    std::string text =
        fmt::format("HTTP/1.1 {} {}\r\n", status, std::string_view(reason.data(), reason.size()));
    for (const Header& header : headers)
      text.append(header.name).append(": ").append(header.value).append("\r\n");
    if (!framing_.keep_alive && !names_close(headers)) text += "connection: close\r\n";
    return text;
  }

  template <typename Buffers>
  Task<Result<>> send(Buffers buffers) {
    stream_.expires_after(write_timeout_);
    error_code error;
    co_await asio::async_write(stream_, buffers, asio::redirect_error(asio::use_awaitable, error));
    if (!error) co_return Result<>();
    if (error == asio::error::operation_aborted && state_ != State::kBroken)
      throw boost::system::system_error(error);
    state_ = State::kBroken;
    co_return fail(ErrorKind::kNetwork,
                   fmt::format("the connection to the client broke: {}", error.message()));
  }

  beast::tcp_stream& stream_;
  Framing framing_;
  std::chrono::milliseconds write_timeout_;
  State state_ = State::kNothing;
};

// The status that tells the peer what is wrong with its request; 0 when there is nobody to tell.
int status_for(const error_code& failure) {
  using beast::http::error;
  if (failure == error::body_limit) return 413;
  if (failure == error::header_limit || failure == error::buffer_overflow) return 431;
  if (failure == error::end_of_stream || failure == error::partial_message) return 0;
  return failure.category() == beast::http::make_error_code(error::bad_method).category() ? 400 : 0;
}

class Connection {
 public:
  Connection(asio::ip::tcp::socket socket, const ServerOptions& options, HttpHandler& handler)
      : stream_(std::move(socket)), options_(options), handler_(handler) {}

  Task<> serve() {
    for (;;) {
      auto more = co_await serve_one();
      if (!more) break;
    }
    error_code ignored;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  }

 private:
  // False when the connection has come to its end.
  Task<bool> serve_one() {
    ServerRequestParser parser;
    parser.header_limit(options_.max_header_bytes);
    parser.body_limit(options_.max_body_bytes);
    parser.set_remote_address(remote_address());
    auto failure = co_await read(parser);
    if (failure) {
      co_await refuse(failure);
      co_return false;
    }
    const Framing framing{parser.request().method == "HEAD", !parser.is_http_1_0(), parser.keep_alive()};
    Writer writer(stream_, framing, options_.write_timeout);
    co_await handler_.handle(parser.request(), writer);
    auto usable = co_await writer.finish();
    co_return usable;
  }

  std::string remote_address() {
    error_code error;
    const auto endpoint = stream_.socket().remote_endpoint(error);
    return error ? std::string() : endpoint.address().to_string();
  }

  Task<error_code> read(ServerRequestParser& parser) {
    stream_.expires_after(options_.read_timeout);
    error_code error;
    co_await beast::http::async_read_header(stream_, buffer_, parser,
                                            asio::redirect_error(asio::use_awaitable, error));
    if (!error && !parser.is_done()) {
      const std::string* expect = find_header(parser.request().headers, "expect");
      if (expect && equals_ignore_case(*expect, "100-continue")) {
        co_await asio::async_write(stream_, asio::buffer(std::string_view("HTTP/1.1 100 Continue\r\n\r\n")),
                                   asio::redirect_error(asio::use_awaitable, error));
      }
      if (!error) {
        co_await beast::http::async_read(stream_, buffer_, parser,
                                         asio::redirect_error(asio::use_awaitable, error));
      }
    }
    if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
    co_return error;
  }

  Task<> refuse(error_code failure) {
    const int status = status_for(failure);
    if (status == 0) co_return;
    Writer writer(stream_, Framing{}, options_.write_timeout);
    auto sent = co_await writer.respond(status, {}, failure.message() + "\n");
    if (!sent) co_return;
    // Closing with unread bytes would reset the connection, and the peer might never see the answer.
    error_code error;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
    stream_.expires_after(kLingerTime);
    std::array<char, 16 << 10> scratch;
    while (!error) {
      co_await stream_.async_read_some(asio::buffer(scratch),
                                       asio::redirect_error(asio::use_awaitable, error));
    }
    if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
  }

  beast::tcp_stream stream_;
  const ServerOptions& options_;
  HttpHandler& handler_;
  beast::flat_buffer buffer_;
};

}  // namespace

Task<> serve_connection(asio::ip::tcp::socket socket, const ServerOptions& options, HttpHandler& handler) {
  Connection connection(std::move(socket), options, handler);
  co_await connection.serve();
}

}  // namespace awl::net
