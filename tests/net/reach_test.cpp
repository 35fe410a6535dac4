// Requests that may only reach some addresses: the check is made on the address that is connected to.
#include <gmock/gmock.h>

#include "loop.h"
#include "raw_server.h"

namespace awl::net {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kAnswer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

class Reach : public testing::Test {
 protected:
  Reach() : server_(loop_.executor(), [this](const std::string&) { return answer_; }) {}

  std::string url(std::string_view host, std::string_view path = "/") const {
    return fmt::format("http://{}:{}{}", host, server_.port(), path);
  }

  /// "200 ok", or the kind and the sentence of the error.
  Task<std::string> get(HttpClient& client, std::string target, AddressReach reach) {
    HttpRequest request;
    request.url = std::move(target);
    request.reach = reach;
    request.accept_compressed = true;
    auto sent = co_await client.send(std::move(request));
    if (!sent) co_return fmt::format("{}: {}", to_string(sent.error().kind), sent.error().message);
    auto body = co_await read_all(**sent, 1000);
    co_return fmt::format("{} {}", (*sent)->head().status, body.value_or("(broken)"));
  }

  void run(std::function<Task<>()> body) {
    auto serve = [this, &body]() -> Task<> {
      async::TaskGroup group(loop_.executor());
      group.spawn(server_.run());
      co_await body();
      group.cancel();
      co_await group.join();
    };
    loop_.run(serve());
  }

  Loop loop_;
  std::string answer_ = kAnswer;
  RawServer server_;
};

TEST_F(Reach, PublicRequestsConnectToNothingOnThisMachine) {
  const auto client = make_curl_client(loop_.executor(), {});
  auto body = [&]() -> Task<> {
    for (const char* host : {"127.0.0.1", "localhost", "[::ffff:127.0.0.1]"}) {
      const std::string got = co_await get(*client, url(host), AddressReach::kPublic);
      EXPECT_THAT(got, StartsWith(std::string(to_string(ErrorKind::kPermissionDenied)))) << host;
      EXPECT_THAT(got, HasSubstr("may not reach")) << host;
    }
  };
  run(body);
  EXPECT_EQ(server_.connections(), 0);
}

TEST_F(Reach, PrivateRequestsMayConnectToThisMachine) {
  const auto client = make_curl_client(loop_.executor(), {});
  auto body = [&]() -> Task<> {
    for (const char* host : {"127.0.0.1", "localhost"}) {
      const std::string got = co_await get(*client, url(host), AddressReach::kPrivate);
      EXPECT_EQ(got, "200 ok") << host;
    }
    const std::string metadata = co_await get(*client, "http://169.254.169.254/", AddressReach::kPrivate);
    EXPECT_THAT(metadata, HasSubstr("may not reach"));
  };
  run(body);
}

TEST_F(Reach, AConnectionThatIsThereAlreadyIsNotUsed) {
  const auto client = make_curl_client(loop_.executor(), {});
  auto body = [&]() -> Task<> {
    const std::string first = co_await get(*client, url("127.0.0.1"), AddressReach::kAnywhere);
    EXPECT_EQ(first, "200 ok");
    const std::string second = co_await get(*client, url("127.0.0.1"), AddressReach::kPublic);
    EXPECT_THAT(second, HasSubstr("may not reach"));
    const std::string third = co_await get(*client, url("127.0.0.1"), AddressReach::kPrivate);
    EXPECT_EQ(third, "200 ok");
    const std::string fourth = co_await get(*client, url("127.0.0.1"), AddressReach::kAnywhere);
    EXPECT_EQ(fourth, "200 ok");
  };
  run(body);
  EXPECT_EQ(server_.connections(), 2);  // the third had one of its own, the fourth shares that of the first
}

TEST_F(Reach, AProxyMayBeAnywhereAndWhatItExceptsMayNot) {
  CurlClientOptions options;
  options.proxy = *parse_proxy(fmt::format("http://127.0.0.1:{}", server_.port()));
  options.no_proxy = NoProxy("localhost");
  const auto client = make_curl_client(loop_.executor(), options);
  auto body = [&]() -> Task<> {
    const std::string proxied = co_await get(*client, "http://example.invalid/x", AddressReach::kPublic);
    EXPECT_EQ(proxied, "200 ok");
    const std::string direct = co_await get(*client, url("localhost"), AddressReach::kPublic);
    EXPECT_THAT(direct, HasSubstr("may not reach"));
  };
  run(body);
  ASSERT_EQ(server_.requests().size(), 1u);
  EXPECT_THAT(server_.requests()[0], StartsWith("GET http://example.invalid/x "));
}

TEST_F(Reach, CompressedBodiesAreRead) {
  const std::string packed(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x90\x00\x80\x88\xf9\xe5\x11"
      "\x00\x00\x00",
      28);
  answer_ =
      fmt::format("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", packed.size()) +
      packed;
  const auto client = make_curl_client(loop_.executor(), {});
  auto body = [&]() -> Task<> {
    const std::string got = co_await get(*client, url("127.0.0.1"), AddressReach::kPrivate);
    EXPECT_EQ(got, "200 hello hello hello");
  };
  run(body);
  EXPECT_THAT(server_.requests()[0], HasSubstr("gzip, deflate"));
}

}  // namespace
}  // namespace awl::net
