// The client's bytes on the wire, and its reading of unusual answers.
#include <gmock/gmock.h>

#include "loop.h"
#include "raw_server.h"

namespace awl::net {
namespace {

using testing::HasSubstr;

constexpr const char* kOk = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

class Wire : public Loop {
 public:
  explicit Wire(RawServer::Answer answer, std::string request_end = "\r\n\r\n")
      : server(executor(), std::move(answer), std::move(request_end)) {}
  std::string url(std::string_view target) const {
    return fmt::format("http://127.0.0.1:{}{}", server.port(), target);
  }

  void run_served(Task<> body) {
    auto both = [](RawServer& raw, Executor executor, Task<> inner) -> Task<> {
      async::TaskGroup group(executor);
      group.spawn(raw.run());
      co_await std::move(inner);
      group.cancel();
      co_await group.join();
    };
    run(both(server, executor(), std::move(body)));
  }

  /// One request by a fresh client; its result as "status body" or the error's sentence.
  std::string exchange(HttpRequest request, CurlClientOptions options = {}) {
    std::string outcome;
    const auto client = make_curl_client(executor(), std::move(options));
    auto body = [&]() -> Task<> {
      auto sent = co_await client->send(std::move(request));
      if (!sent) {
        outcome = sent.error().message;
        co_return;
      }
      head = (*sent)->head();
      auto text = co_await read_all(**sent, 10'000);
      outcome = text ? fmt::format("{} {}", head.status, *text) : text.error().message;
    };
    run_served(body());
    return outcome;
  }

  RawServer server;
  HttpResponseHead head;
};

HttpRequest get(std::string url, Headers headers = {}) {
  HttpRequest request;
  request.url = std::move(url);
  request.headers = std::move(headers);
  return request;
}

TEST(ClientWire, HeadersGoOutAsTheyAre) {
  Wire wire([](const std::string&) { return kOk; });
  Headers headers{
      {"Host", "other.example"}, {"X-Second", "2"}, {"x-first", "a, b;c"}, {"EMPTY", ""}, {"X-Second", "3"}};
  EXPECT_EQ(wire.exchange(get(wire.url("/x"), headers)), "200 ok");
  EXPECT_EQ(wire.server.requests().at(0),
            "GET /x HTTP/1.1\r\nHost: other.example\r\nX-Second: 2\r\nx-first: a, b;c\r\nEMPTY:\r\nX-Second: "
            "3\r\n\r\n");
}

TEST(ClientWire, NothingIsAddedButWhatHttpNeeds) {
  Wire wire([](const std::string&) { return kOk; });
  HttpRequest request = get(wire.url("/x"));
  request.method = "POST";
  request.body = "{}";
  EXPECT_EQ(wire.exchange(std::move(request)), "200 ok");
  EXPECT_EQ(wire.server.requests().at(0),
            fmt::format("POST /x HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Length: 2\r\n\r\n{{}}",
                        wire.server.port()));
}

TEST(ClientWire, TargetsAreNotNormalised) {
  Wire wire([](const std::string&) { return kOk; });
  const std::string targets[] = {"/a/../b/./c//d", "/%2F%2e%2e%2f?a=%20b+c&d", "/a|b{c}^`\"<>\\?|{}[]'", "/?",
                                 "/:@!$&'()*+,;="};
  for (const auto& target : targets) {
    EXPECT_EQ(wire.exchange(get(wire.url(target))), "200 ok");
    const std::string expected = target == "/?" ? "/" : target;
    EXPECT_THAT(wire.server.requests().back(), testing::StartsWith("GET " + expected + " HTTP/1.1\r\n"));
  }
}

TEST(ClientWire, ConnectionsAreKept) {
  Wire wire([](const std::string&) { return kOk; });
  const auto client = make_curl_client(wire.executor(), {});
  auto body = [&]() -> Task<> {
    for (int i = 0; i < 20; ++i) {
      auto sent = co_await client->send(get(wire.url("/")));
      EXPECT_TRUE(sent);
      if (!sent) co_return;
      auto text = co_await read_all(**sent, 100);
      EXPECT_EQ(text, "ok");
    }
  };
  wire.run_served(body());
  EXPECT_EQ(wire.server.connections(), 1);
  EXPECT_EQ(wire.server.requests().size(), 20u);
}

TEST(ClientWire, InformationalResponsesAndTrailersAreSkipped) {
  Wire wire([](const std::string&) {
    return "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"
           "HTTP/1.1 201 Created\r\nA:  1 \r\nb: 2\r\ntransfer-encoding: "
           "chunked\r\n\r\n3\r\nabc\r\n0\r\ntrailer: t\r\n\r\n";
  });
  EXPECT_EQ(wire.exchange(get(wire.url("/"))), "201 abc");
  EXPECT_EQ(wire.head.headers, (Headers{{"A", "1"}, {"b", "2"}, {"transfer-encoding", "chunked"}}));
}

TEST(ClientWire, RedirectsAreNotFollowed) {
  Wire wire(
      [](const std::string&) { return "HTTP/1.1 302 Found\r\nlocation: /y\r\ncontent-length: 0\r\n\r\n"; });
  EXPECT_EQ(wire.exchange(get(wire.url("/x"))), "302 ");
  EXPECT_EQ(wire.server.requests().size(), 1u);
}

TEST(ClientWire, BrokenAnswersGetASentence) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "without an answer"},
      {"HTTP/1.1 200 OK\r\ncontent-length: 10\r\nconnection: close\r\n\r\nabc", "broke"},
      {"no HTTP at all\r\n\r\n", "failed"},
  };
  for (const auto& [answer, problem] : cases) {
    Wire wire([text = answer](const std::string&) { return text; });
    const std::string outcome = wire.exchange(get(wire.url("/")));
    EXPECT_THAT(outcome, HasSubstr(fmt::format("127.0.0.1:{}", wire.server.port())));
    EXPECT_THAT(outcome, HasSubstr(problem));
  }
}

TEST(ClientWire, EndlessHeadersAreRefused) {
  const std::string endless = "HTTP/1.1 200 OK\r\n" + [] {
    std::string lines;
    for (int i = 0; i < 400; ++i) lines += fmt::format("h{}: {}\r\n", i, std::string(1000, 'x'));
    return lines;
  }();
  Wire wire([&](const std::string&) { return endless; });
  EXPECT_THAT(wire.exchange(get(wire.url("/"))), HasSubstr("headers"));
}

TEST(ClientWire, TlsWithAServerThatHasNoneSaysSo) {
  Wire wire([](const std::string&) { return "HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n"; },
            "\x16");
  const std::string outcome = wire.exchange(get(fmt::format("https://127.0.0.1:{}/", wire.server.port())));
  EXPECT_THAT(outcome,
              testing::StartsWith(fmt::format("TLS with 127.0.0.1:{} failed: ", wire.server.port())));
}

TEST(ClientWire, APlainProxyGetsTheWholeAddress) {
  Wire wire([](const std::string&) { return kOk; });
  CurlClientOptions options;
  options.proxy = *parse_proxy(fmt::format("http://me:secret@127.0.0.1:{}", wire.server.port()));
  EXPECT_EQ(wire.exchange(get("http://api.example:8080/a/../b?c=%2F"), options), "200 ok");
  EXPECT_EQ(wire.server.requests().at(0),
            "GET http://api.example:8080/a/../b?c=%2F HTTP/1.1\r\nHost: api.example:8080\r\n"
            "Proxy-Authorization: Basic bWU6c2VjcmV0\r\n\r\n");
}

TEST(ClientWire, HostsOfNoProxyAreReachedDirectly) {
  Wire wire([](const std::string&) { return kOk; });
  CurlClientOptions options;
  options.proxy = *parse_proxy("http://127.0.0.1:1");
  options.no_proxy = NoProxy("localhost,127.0.0.1");
  EXPECT_EQ(wire.exchange(get(wire.url("/x")), options), "200 ok");
  EXPECT_THAT(wire.server.requests().at(0), testing::StartsWith("GET /x "));
}

CurlClientOptions through(const Wire& wire) {
  CurlClientOptions options;
  options.proxy = *parse_proxy(fmt::format("http://me:p%40ss@127.0.0.1:{}", wire.server.port()));
  return options;
}

TEST(ClientWire, ATunnelIsAskedForWithoutTheHeadersOfTheRequest) {
  Wire wire([](const std::string&) { return "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n"; });
  const std::string outcome =
      wire.exchange(get("https://api.example/x", {{"X-Api-Key", "hidden"}}), through(wire));
  EXPECT_THAT(outcome, HasSubstr("502"));
  EXPECT_THAT(outcome, testing::Not(HasSubstr("p@ss")));
  ASSERT_EQ(wire.server.requests().size(), 1u);
  EXPECT_THAT(wire.server.requests().at(0), testing::StartsWith("CONNECT api.example:443 HTTP/1.1\r\n"));
  EXPECT_THAT(wire.server.requests().at(0), HasSubstr("Proxy-Authorization: Basic bWU6cEBzcw==\r\n"));
  EXPECT_THAT(wire.server.requests().at(0), testing::Not(HasSubstr("hidden")));
}

TEST(ClientWire, AProxyThatWantsAnotherSchemeThanBasicGetsIt) {
  Wire wire([](const std::string& request) -> std::string {
    if (request.contains("Proxy-Authorization: Digest"))
      return "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n";
    return "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Digest realm=\"x\", "
           "nonce=\"n\", qop=\"auth\"\r\ncontent-length: 0\r\n\r\n";
  });
  EXPECT_THAT(wire.exchange(get("https://api.example/x"), through(wire)), HasSubstr("status 403"));
  EXPECT_THAT(wire.server.requests().back(), HasSubstr("username=\"me\""));
}

TEST(ClientWire, AProxyThatRefusesTheCredentialsIsAskedTwiceAndNamed) {
  Wire wire([](const std::string&) {
    return "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
           "content-length: 0\r\n\r\n";
  });
  const std::string outcome = wire.exchange(get("https://api.example/x"), through(wire));
  EXPECT_THAT(outcome, HasSubstr("does not accept the user name and password"));
  EXPECT_THAT(outcome, HasSubstr(fmt::format("127.0.0.1:{}", wire.server.port())));
  EXPECT_LE(wire.server.requests().size(), 3u);
}

TEST(ClientWire, TheProcessEnvironmentIsNotRead) {
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  Wire wire([](const std::string&) { return kOk; });
  EXPECT_EQ(wire.exchange(get(wire.url("/x"))), "200 ok");
  ::unsetenv("http_proxy");
}

}  // namespace
}  // namespace awl::net
