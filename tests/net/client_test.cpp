// The client against the library's own server, over real sockets.
#include <gmock/gmock.h>

#include <boost/asio/ip/tcp.hpp>

#include "async/event.h"
#include "async/timeout.h"
#include "loop.h"

namespace awl::net {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

Task<> echo(const ServerRequest& request, ResponseWriter& response) {
  Headers headers{{"x-method", request.method}, {"x-target", request.target}};
  auto sent = co_await response.respond(200, std::move(headers), request.body);
  EXPECT_TRUE(sent);
}

HttpRequest make_request(std::string method, std::string url, std::string body = {}) {
  HttpRequest request;
  request.method = std::move(method);
  request.url = std::move(url);
  request.body = std::move(body);
  return request;
}

// Bytes whose order matters.
std::string pattern(size_t size) {
  std::string text(size, '\0');
  for (size_t i = 0; i < size; ++i) text[i] = static_cast<char>((i * 31 + i / 251) & 0xFF);
  return text;
}

TEST(Client, GetsAndPosts) {
  ServedLoop loop(echo);
  auto body = [&]() -> Task<> {
    for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
      const std::string text = std::string(method) == "GET" ? "" : "some text";
      auto sent = co_await loop.client().send(make_request(method, loop.url("/a?b=c"), text));
      EXPECT_TRUE(sent) << method;
      if (!sent) co_return;
      EXPECT_EQ((*sent)->head().status, 200);
      EXPECT_EQ(*find_header((*sent)->head().headers, "X-Method"), method);
      EXPECT_EQ(*find_header((*sent)->head().headers, "X-Target"), "/a?b=c");
      auto got = co_await read_all(**sent, 1000);
      EXPECT_EQ(got, text);
      auto after = co_await (*sent)->read();
      EXPECT_TRUE(after && !*after);
    }
  };
  loop.run_served(body());
}

TEST(Client, HeadAndStatusesWithoutABody) {
  auto answer = [](const ServerRequest& request, ResponseWriter& response) -> Task<> {
    auto sent = co_await response.respond(request.target == "/204" ? 204 : 200, {}, "text");
    EXPECT_TRUE(sent);
  };
  ServedLoop loop(answer);
  auto body = [&]() -> Task<> {
    for (const auto& [method, target] :
         {std::pair("HEAD", "/"), std::pair("GET", "/204"), std::pair("HEAD", "/")}) {
      auto sent = co_await loop.client().send(make_request(method, loop.url(target)));
      EXPECT_TRUE(sent);
      if (!sent) co_return;
      auto got = co_await read_all(**sent, 1000);
      EXPECT_EQ(got, "");
    }
  };
  loop.run_served(body());
}

TEST(Client, BodiesOfMegabytesBothWays) {
  ServedLoop loop(echo);
  const std::string text = pattern(3 << 20);
  auto body = [&]() -> Task<> {
    auto sent = co_await loop.client().send(make_request("POST", loop.url("/"), text));
    EXPECT_TRUE(sent);
    if (!sent) co_return;
    auto got = co_await read_all(**sent, 4 << 20);
    EXPECT_TRUE(got && *got == text);
  };
  loop.run_served(body());
}

TEST(Client, StreamsPieceByPiece) {
  async::Event* was_read = nullptr;
  int pieces_read = 0;
  auto stream = [&](const ServerRequest&, ResponseWriter& response) -> Task<> {
    auto started = co_await response.start(200, {{"content-type", "text/event-stream"}});
    EXPECT_TRUE(started);
    for (int i = 0; i < 50; ++i) {
      const std::string piece = fmt::format("piece {};", i);
      auto written = co_await response.write(piece);
      EXPECT_TRUE(written);
      while (pieces_read <= i) co_await was_read->wait();
    }
  };
  ServedLoop loop(stream);
  async::Event event(loop.executor());
  was_read = &event;
  auto body = [&]() -> Task<> {
    auto sent = co_await loop.client().send(make_request("GET", loop.url("/")));
    EXPECT_TRUE(sent);
    if (!sent) co_return;
    for (int i = 0; i < 50; ++i) {
      auto piece = co_await (*sent)->read();
      EXPECT_TRUE(piece && *piece);
      if (!piece || !*piece) co_return;
      EXPECT_EQ(**piece, fmt::format("piece {};", i));
      ++pieces_read;
      was_read->notify_all();
    }
    auto end = co_await (*sent)->read();
    EXPECT_TRUE(end && !*end);
  };
  loop.run_served(body());
}

TEST(Client, ASlowReaderHoldsTheSenderAndLosesNothing) {
  const std::string text = pattern(16 << 20);
  size_t written_bytes = 0;
  auto stream = [&](const ServerRequest&, ResponseWriter& response) -> Task<> {
    auto started = co_await response.start(200, {});
    EXPECT_TRUE(started);
    for (size_t at = 0; at < text.size(); at += 64 << 10) {
      auto written = co_await response.write(std::string_view(text).substr(at, 64 << 10));
      EXPECT_TRUE(written);
      written_bytes += 64 << 10;
    }
  };
  ServedLoop loop(stream);
  auto body = [&]() -> Task<> {
    auto sent = co_await loop.client().send(make_request("GET", loop.url("/")));
    EXPECT_TRUE(sent);
    if (!sent) co_return;
    co_await async::sleep_for(300ms);
    EXPECT_LT(written_bytes, text.size());  // what is in flight is what the sockets and the client hold
    auto got = co_await read_all(**sent, 32 << 20);
    EXPECT_TRUE(got && *got == text);
  };
  loop.run_served(body());
}

TEST(Client, DroppingTheResponseEndsTheTransfer) {
  bool noticed = false;
  async::Event* ended = nullptr;
  auto stream = [&](const ServerRequest&, ResponseWriter& response) -> Task<> {
    auto started = co_await response.start(200, {});
    EXPECT_TRUE(started);
    const std::string piece(1 << 10, 'x');
    for (;;) {
      auto written = co_await response.write(piece);
      if (!written) break;
      co_await async::sleep_for(1ms);
    }
    noticed = true;
    ended->notify_all();
  };
  ServedLoop loop(stream);
  async::Event event(loop.executor());
  ended = &event;
  auto body = [&]() -> Task<> {
    {
      auto sent = co_await loop.client().send(make_request("GET", loop.url("/")));
      EXPECT_TRUE(sent);
      if (!sent) co_return;
      auto piece = co_await (*sent)->read();
      EXPECT_TRUE(piece && *piece);
    }
    while (!noticed) co_await ended->wait();
  };
  loop.run_served(body());
}

TEST(Client, AServerThatBreaksOffIsANetworkError) {
  auto stream = [](const ServerRequest& request, ResponseWriter& response) -> Task<> {
    if (request.target == "/before") {
      response.abort();
      co_return;
    }
    auto started = co_await response.start(200, {});
    EXPECT_TRUE(started);
    auto written = co_await response.write("the beginning");
    EXPECT_TRUE(written);
    response.abort();
    auto late = co_await response.write("more");
    EXPECT_FALSE(late);
  };
  ServedLoop loop(stream);
  auto body = [&]() -> Task<> {
    auto sent = co_await loop.client().send(make_request("GET", loop.url("/")));
    EXPECT_TRUE(sent);
    if (!sent) co_return;
    auto piece = co_await (*sent)->read();
    EXPECT_TRUE(piece && *piece && **piece == "the beginning");
    auto end = co_await (*sent)->read();
    EXPECT_FALSE(end);
    if (end) co_return;
    EXPECT_EQ(end.error().kind, ErrorKind::kNetwork);
    EXPECT_THAT(end.error().message, HasSubstr(fmt::format("127.0.0.1:{}", loop.port())));

    auto nothing = co_await loop.client().send(make_request("GET", loop.url("/before")));
    EXPECT_FALSE(nothing);
    if (nothing) co_return;
    EXPECT_EQ(nothing.error().kind, ErrorKind::kNetwork);
  };
  loop.run_served(body());
}

TEST(Client, ARefusedConnectionNamesHostAndPort) {
  Loop loop;
  boost::asio::ip::tcp::acceptor unused(loop.io(), {boost::asio::ip::address_v4::loopback(), 0});
  const uint16_t port = unused.local_endpoint().port();
  unused.close();
  const auto client = make_curl_client(loop.executor(), {});
  auto body = [&]() -> Task<> {
    auto sent = co_await client->send(make_request("GET", fmt::format("http://127.0.0.1:{}/", port)));
    EXPECT_FALSE(sent);
    if (sent) co_return;
    EXPECT_EQ(sent.error().kind, ErrorKind::kNetwork);
    EXPECT_THAT(sent.error().message, HasSubstr(fmt::format("127.0.0.1:{}: Connection refused", port)));
  };
  loop.run(body());
}

TEST(Client, WhatCannotBeSentIsRefused) {
  Loop loop;
  const auto client = make_curl_client(loop.executor(), {});
  auto body = [&]() -> Task<> {
    auto bad_url = co_await client->send(make_request("GET", "ftp://host/"));
    EXPECT_FALSE(bad_url);
    EXPECT_EQ(bad_url.error().kind, ErrorKind::kInvalidInput);
    auto bad_method = co_await client->send(make_request("GET /x", "http://127.0.0.1:1/"));
    EXPECT_FALSE(bad_method);
    EXPECT_EQ(bad_method.error().kind, ErrorKind::kInvalidInput);
    HttpRequest request = make_request("GET", "http://127.0.0.1:1/");
    request.headers = {{"a", "b\r\nc: d"}};
    auto bad_header = co_await client->send(std::move(request));
    EXPECT_FALSE(bad_header);
    EXPECT_EQ(bad_header.error().kind, ErrorKind::kInvalidInput);
  };
  loop.run(body());
}

Task<> answer_never(const ServerRequest& request, ResponseWriter& response) {
  if (request.target == "/half") {
    auto started = co_await response.start(200, {});
    EXPECT_TRUE(started);
    auto written = co_await response.write("half");
    EXPECT_TRUE(written);
  }
  co_await async::sleep_for(1h);
}

TEST(Client, TheTotalTimeoutCoversHeadAndBody) {
  ServedLoop loop(answer_never);
  auto body = [&]() -> Task<> {
    HttpRequest request = make_request("GET", loop.url("/"));
    request.total_timeout = 50ms;
    auto sent = co_await loop.client().send(std::move(request));
    EXPECT_FALSE(sent);
    if (sent) co_return;
    EXPECT_EQ(sent.error().kind, ErrorKind::kTimeout);

    request = make_request("GET", loop.url("/half"));
    request.total_timeout = 50ms;
    auto half = co_await loop.client().send(std::move(request));
    EXPECT_TRUE(half);
    if (!half) co_return;
    auto all = co_await read_all(**half, 100);
    EXPECT_FALSE(all);
    EXPECT_EQ(all.error().kind, ErrorKind::kTimeout);
  };
  loop.run_served(body());
}

TEST(Client, SendAndReadCanBeCancelled) {
  ServedLoop loop(answer_never);
  auto body = [&]() -> Task<> {
    for (const char* target : {"/", "/half"}) {
      auto exchange = [&]() -> Task<> {
        auto sent = co_await loop.client().send(make_request("GET", loop.url(target)));
        EXPECT_TRUE(sent);
        if (!sent) co_return;
        auto all = co_await read_all(**sent, 100);
        ADD_FAILURE() << "the body should never end";
      };
      auto ended = co_await async::finish_within(exchange(), 50ms);
      EXPECT_FALSE(ended);
    }
  };
  loop.run_served(body());
}

TEST(Client, ManyAtOnce) {
  ServedLoop loop(echo);
  int done = 0;
  auto body = [&]() -> Task<> {
    async::TaskGroup group(loop.executor());
    auto exchange = [&](int number) -> Task<> {
      const std::string text = pattern(100'000) + std::to_string(number);
      auto sent = co_await loop.client().send(make_request("POST", loop.url("/"), text));
      EXPECT_TRUE(sent);
      if (!sent) co_return;
      auto got = co_await read_all(**sent, 1 << 20);
      EXPECT_TRUE(got && *got == text);
      ++done;
    };
    for (int i = 0; i < 40; ++i) group.spawn(exchange(i));
    co_await group.join();
  };
  loop.run_served(body());
  EXPECT_EQ(done, 40);
}

TEST(Client, AResponseMayOutliveItsClient) {
  ServedLoop loop(answer_never);
  auto body = [&]() -> Task<> {
    auto sent = co_await loop.client().send(make_request("GET", loop.url("/half")));
    EXPECT_TRUE(sent);
    if (!sent) co_return;
    loop.drop_client();
    auto all = co_await read_all(**sent, 100);
    EXPECT_FALSE(all);
    EXPECT_EQ(all.error().kind, ErrorKind::kCancelled);
  };
  loop.run_served(body());
}

TEST(Client, NeverUsedOrOnlyWarmedUpItEndsAtOnce) {
  Loop loop;
  make_curl_client(loop.executor(), {}).reset();
  const auto client = make_curl_client(loop.executor(), {});
  client->warm_up();
  client->warm_up();
}

}  // namespace
}  // namespace awl::net
