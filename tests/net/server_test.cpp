// The server's bytes on the wire, and its limits.
#include <gmock/gmock.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>

#include "async/event.h"
#include "async/timeout.h"
#include "loop.h"

namespace awl::net {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using testing::HasSubstr;
using testing::StartsWith;

// Sends `bytes` and gives everything that comes until the server closes.
Task<std::string> talk(Executor executor, uint16_t port, std::string bytes) {
  tcp::socket socket(executor);
  co_await socket.async_connect({boost::asio::ip::address_v4::loopback(), port}, boost::asio::use_awaitable);
  boost::system::error_code error;
  co_await boost::asio::async_write(socket, boost::asio::buffer(bytes),
                                    boost::asio::redirect_error(boost::asio::use_awaitable, error));
  std::string answer;
  co_await boost::asio::async_read(socket, boost::asio::dynamic_buffer(answer),
                                   boost::asio::redirect_error(boost::asio::use_awaitable, error));
  co_return answer;
}

// What the server answers to `bytes`.
std::string answer_to(std::string bytes, Handler::Function handler, const ServerOptions& options = {}) {
  ServedLoop loop(std::move(handler), options);
  std::string answer;
  auto body = [&]() -> Task<> { answer = co_await talk(loop.executor(), loop.port(), std::move(bytes)); };
  loop.run_served(body());
  return answer;
}

Task<> describe(const ServerRequest& request, ResponseWriter& response) {
  std::string text = request.method + " " + request.target + "\n";
  for (const Header& header : request.headers) text += header.name + "=" + header.value + "\n";
  auto sent = co_await response.respond(200, {}, text + request.body);
  EXPECT_TRUE(sent);
}

Task<> answer_ok(const ServerRequest&, ResponseWriter& response) {
  auto sent = co_await response.respond(200, {}, "ok");
  EXPECT_TRUE(sent);
}

Task<> stream_three(const ServerRequest&, ResponseWriter& response) {
  auto started = co_await response.start(200, {{"A", "b"}});
  EXPECT_TRUE(started);
  for (const char* piece : {"one", "", "two", "three"}) {
    auto written = co_await response.write(piece);
    EXPECT_TRUE(written);
  }
}

TEST(Server, GivesTheRequestAsReceived) {
  const std::string answer = answer_to(
      "POST /a/../b%2F//c?x=%20 HTTP/1.1\r\nhost: h\r\nX-B: 1\r\nx-a:  2 \r\nX-B: 3\r\nconnection: close\r\n"
      "content-length: 4\r\n\r\nbody",
      describe);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: "));
  EXPECT_THAT(answer, testing::EndsWith("\r\n\r\nPOST /a/../b%2F//c?x=%20\nhost=h\nX-B=1\nx-a=2\nX-B=3\n"
                                        "connection=close\ncontent-length=4\nbody"));
}

TEST(Server, ReadsChunkedBodies) {
  const std::string answer = answer_to(
      "POST / HTTP/1.1\r\nhost: h\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n"
      "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nt: u\r\n\r\n",
      describe);
  EXPECT_THAT(answer, testing::EndsWith("\nabcde"));
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  const std::string answer = answer_to(
      "GET /1 HTTP/1.1\r\nhost: h\r\n\r\nGET /2 HTTP/1.1\r\nhost: h\r\n\r\nGET /3 HTTP/1.1\r\nhost: "
      "h\r\nconnection: close\r\n\r\n",
      [](const ServerRequest& request, ResponseWriter& response) -> Task<> {
        auto sent = co_await response.respond(200, {}, request.target);
        EXPECT_TRUE(sent);
      });
  EXPECT_EQ(answer,
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n/1HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n/2"
            "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n/3");
}

TEST(Server, StreamsInChunks) {
  EXPECT_EQ(answer_to("GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n", stream_three),
            "HTTP/1.1 200 OK\r\nA: b\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n"
            "3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n");
}

TEST(Server, StreamsToOldClientsUntilTheEndOfTheConnection) {
  EXPECT_EQ(answer_to("GET / HTTP/1.0\r\n\r\n", stream_three),
            "HTTP/1.1 200 OK\r\nA: b\r\nconnection: close\r\n\r\nonetwothree");
}

TEST(Server, HeadGetsNoBody) {
  EXPECT_EQ(answer_to("HEAD / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n", answer_ok),
            "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n");
  EXPECT_EQ(answer_to("HEAD / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n", stream_three),
            "HTTP/1.1 200 OK\r\nA: b\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n");
}

TEST(Server, TellsAClientThatAsksToContinue) {
  EXPECT_EQ(
      answer_to("POST / HTTP/1.1\r\nhost: h\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-length: "
                "2\r\n\r\nab",
                answer_ok),
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok");
}

TEST(Server, RefusesWhatIsTooLargeOrBroken) {
  ServerOptions options;
  options.max_body_bytes = 1000;
  options.max_header_bytes = 2000;
  const auto status_of = [&](std::string bytes) {
    return answer_to(std::move(bytes), answer_ok, options).substr(0, 12);
  };
  const std::string post = "POST / HTTP/1.1\r\nhost: h\r\n";
  EXPECT_EQ(status_of(post + "content-length: 1001\r\n\r\n" + std::string(1001, 'x')), "HTTP/1.1 413");
  EXPECT_EQ(status_of(post + "transfer-encoding: chunked\r\n\r\n" + "3E9\r\n" + std::string(1001, 'x') +
                      "\r\n0\r\n\r\n"),
            "HTTP/1.1 413");
  EXPECT_EQ(status_of(post + "a: " + std::string(3000, 'x') + "\r\n\r\n"), "HTTP/1.1 431");
  EXPECT_EQ(status_of("nonsense\r\n\r\n"), "HTTP/1.1 400");
  EXPECT_EQ(status_of(post + "content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n"), "HTTP/1.1 400");
}

TEST(Server, HandlersCannotSmuggleHeaders) {
  const std::string answer = answer_to("GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n",
                                       [](const ServerRequest&, ResponseWriter& response) -> Task<> {
                                         auto sent = co_await response.respond(200, {{"a", "b\r\nc: d"}}, "");
                                         EXPECT_FALSE(sent);
                                       });
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 "));
}

TEST(Server, ClosesIdleConnections) {
  ServerOptions options;
  options.read_timeout = 50ms;
  EXPECT_EQ(answer_to("", answer_ok, options), "");
  EXPECT_EQ(answer_to("GET / HT", answer_ok, options), "");
  EXPECT_EQ(answer_to("GET / HTTP/1.1\r\nhost: h\r\n\r\n", answer_ok, options),
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
}

TEST(Server, AReaderThatStopsReadingIsGivenUp) {
  ServerOptions options;
  options.write_timeout = 50ms;
  bool gave_up = false;
  async::Event* changed = nullptr;
  ServedLoop loop(
      [&](const ServerRequest&, ResponseWriter& response) -> Task<> {
        auto started = co_await response.start(200, {});
        EXPECT_TRUE(started);
        const std::string piece(1 << 20, 'x');
        for (int i = 0; i < 1000 && !gave_up; ++i) {
          auto written = co_await response.write(piece);
          gave_up = !written;
        }
        changed->notify_all();
      },
      options);
  async::Event event(loop.executor());
  changed = &event;
  auto body = [&]() -> Task<> {
    tcp::socket socket(loop.executor());
    co_await socket.async_connect({boost::asio::ip::address_v4::loopback(), loop.port()},
                                  boost::asio::use_awaitable);
    co_await boost::asio::async_write(
        socket, boost::asio::buffer(std::string_view("GET / HTTP/1.1\r\nhost: h\r\n\r\n")),
        boost::asio::use_awaitable);
    while (!gave_up) co_await changed->wait();
  };
  loop.run_served(body());
}

TEST(Server, StoppingCancelsHandlersAndConnections) {
  int unwound = 0;
  struct Count {
    int* value;
    ~Count() { ++*value; }
  };
  int started = 0;
  async::Event* changed = nullptr;
  ServedLoop loop([&](const ServerRequest& request, ResponseWriter& response) -> Task<> {
    if (request.target == "/idle") {
      auto sent = co_await response.respond(200, {}, "");
      EXPECT_TRUE(sent);
      co_return;
    }
    const Count count{&unwound};
    ++started;
    changed->notify_all();
    co_await async::sleep_for(1h);
  });
  async::Event event(loop.executor());
  changed = &event;
  async::TaskGroup clients(loop.executor());
  auto body = [&]() -> Task<> {
    auto client = [&](std::string target) -> Task<> {
      co_await talk(loop.executor(), loop.port(), "GET " + target + " HTTP/1.1\r\nhost: h\r\n\r\n");
    };
    for (const char* target : {"/1", "/2", "/idle", "/3"}) clients.spawn(client(target));
    while (started < 3) co_await changed->wait();
  };
  loop.run_served(body());
  EXPECT_EQ(unwound, 3);
  auto join = [&]() -> Task<> { co_await clients.join(); };
  loop.run(join());
}

TEST(Server, ListenSaysWhatIsWrong) {
  Loop loop;
  Handler handler(answer_ok);
  ServerOptions options;
  options.address = "localhost";
  const auto bad = HttpServer::listen(loop.executor(), options, handler);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().kind, ErrorKind::kInvalidInput);

  const auto first = HttpServer::listen(loop.executor(), {}, handler);
  ASSERT_TRUE(first);
  options.address = "127.0.0.1";
  options.port = (*first)->port();
  const auto second = HttpServer::listen(loop.executor(), options, handler);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kIo);
  EXPECT_THAT(second.error().message, HasSubstr(std::to_string(options.port)));
}

}  // namespace
}  // namespace awl::net
