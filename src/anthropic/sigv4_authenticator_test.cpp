#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "anthropic/authenticator.h"
#include "aws/sigv4.h"

namespace awl::anthropic {
namespace {

using ::testing::HasSubstr;

aws::Credentials keys() { return {"AKIDEXAMPLE", Secret("secret"), Secret(), {}, "test"}; }

class Keys final : public aws::CredentialsProvider {
 public:
  std::string name() const override { return "test"; }
  Task<Result<aws::Credentials>> fetch() override { co_return keys(); }
};

TimePoint noon() { return TimePoint(std::chrono::hours(24 * 365 * 50)); }

net::HttpRequest authenticated(net::HttpRequest request, const Provider& provider) {
  const auto authenticator = make_sigv4_authenticator(
      provider, nullptr, aws::make_cached_provider(std::make_unique<Keys>(), noon), noon);
  boost::asio::io_context io;
  auto body = [&]() -> Task<> {
    const auto done = co_await authenticator->authenticate(request);
    EXPECT_TRUE(done.has_value());
  };
  boost::asio::co_spawn(io, body(), [](const std::exception_ptr& e) { EXPECT_EQ(e, nullptr); });
  io.run();
  return request;
}

Provider signing_platform() {
  Provider provider;
  provider.kind = ProviderKind::kClaudePlatformOnAws;
  provider.base_url = "https://example.com";
  provider.region = "us-east-1";
  provider.signed_headers = {"x-team", "x-accent", "user-agent", "x-empty"};
  return provider;
}

net::HttpRequest request() {
  net::HttpRequest request;
  request.method = "POST";
  request.url = "https://example.com/v1/messages?beta=true";
  request.headers = {{"content-type", "application/json"},
                     {"user-agent", "awl"},
                     {"anthropic-version", "2023-06-01"},
                     {"anthropic-workspace-id", "wrkspc_1"},
                     {"X-Team", "a  b"},
                     {"X-Accent", "caf\xE9"},
                     {"X-Empty", ""},
                     {"x-unasked", "1"}};
  request.body = "{}";
  return request;
}

TEST(SigV4Authenticator, TheNamedHeadersAreSignedTheOthersAreNot) {
  const net::HttpRequest sent = authenticated(request(), signing_platform());
  EXPECT_THAT(*net::find_header(sent.headers, "authorization"),
              HasSubstr("SignedHeaders=anthropic-version;anthropic-workspace-id;content-type;host;"
                        "x-amz-content-sha256;x-amz-date;x-empty;x-team,"));
  EXPECT_EQ(*net::find_header(sent.headers, "X-Accent"), "caf\xE9") << "sent as it was, unsigned";
}

TEST(SigV4Authenticator, TheSignatureIsThatOfTheSignedHeaders) {
  const net::HttpRequest sent = authenticated(request(), signing_platform());
  aws::Signable signable;
  signable.method = "POST";
  signable.path = "/v1/messages";
  signable.query = "beta=true";
  signable.headers = {{"host", "example.com"},
                      {"content-type", "application/json"},
                      {"anthropic-version", "2023-06-01"},
                      {"anthropic-workspace-id", "wrkspc_1"},
                      {"x-team", "a b"},
                      {"x-empty", ""}};
  signable.body = "{}";
  aws::SigningConfig config;
  config.region = "us-east-1";
  config.service = "aws-external-anthropic";
  config.date = noon();
  config.normalize_path = false;
  EXPECT_THAT(*net::find_header(sent.headers, "authorization"),
              HasSubstr(aws::sign(signable, config, keys()).signature));
}

TEST(SigV4Authenticator, AnEarlierSignatureIsReplaced) {
  const net::HttpRequest once = authenticated(request(), signing_platform());
  const net::HttpRequest twice = authenticated(once, signing_platform());
  EXPECT_EQ(once.headers, twice.headers);
}

// Gives the keys that the test sets, as a file does that somebody rewrites.
class RotatingKeys final : public aws::CredentialsProvider {
 public:
  explicit RotatingKeys(const std::string& id) : id_(id) {}
  std::string name() const override { return "test"; }
  Task<Result<aws::Credentials>> fetch() override {
    co_return aws::Credentials{id_, Secret("secret"), Secret(), {}, "test"};
  }

 private:
  const std::string& id_;
};

Task<> refuse_two(Authenticator& authenticator, std::string& key_id, std::vector<bool>& renewed) {
  net::HttpRequest first = request();
  net::HttpRequest second = request();
  std::ignore = co_await authenticator.authenticate(first);
  std::ignore = co_await authenticator.authenticate(second);
  key_id = "AKIDNEW";
  for (net::HttpRequest* refused : {&first, &second}) {
    const auto changed = co_await authenticator.refresh(refused->headers, {});
    renewed.push_back(changed.has_value() && *changed);
    net::HttpRequest again = request();
    std::ignore = co_await authenticator.authenticate(again);
    const auto once_more = co_await authenticator.refresh(again.headers, {});
    renewed.push_back(once_more.has_value() && *once_more);
  }
}

Task<> refuse_for_the_clock(Authenticator& authenticator, net::HttpRequest& again,
                            std::vector<bool>& renewed) {
  // noon() is 23 minutes ahead of that server.
  const net::Headers response{{"date", "Thu, 19 Dec 2019 23:37:00 GMT"}};
  net::HttpRequest first = request();
  std::ignore = co_await authenticator.authenticate(first);
  for (int i = 0; i < 2; ++i) {
    const auto changed = co_await authenticator.refresh(first.headers, response);
    renewed.push_back(changed.has_value() && *changed);
  }
  again = request();
  std::ignore = co_await authenticator.authenticate(again);
}

TEST(SigV4Authenticator, AClockThatIsOffIsCorrectedOnceByTheServers) {
  std::string key_id = "AKID";
  const auto authenticator =
      make_sigv4_authenticator(signing_platform(), nullptr,
                               aws::make_cached_provider(std::make_unique<RotatingKeys>(key_id), noon), noon);
  net::HttpRequest again;
  std::vector<bool> renewed;
  boost::asio::io_context io;
  boost::asio::co_spawn(io, refuse_for_the_clock(*authenticator, again, renewed),
                        [](const std::exception_ptr& e) { EXPECT_EQ(e, nullptr); });
  io.run();
  EXPECT_EQ(renewed, (std::vector<bool>{true, false}));
  EXPECT_EQ(*net::find_header(again.headers, "x-amz-date"),
            format_amz_date(noon() - std::chrono::minutes(23)));
}

TEST(SigV4Authenticator, EachOfSeveralRefusedRequestsFindsTheNewKeys) {
  std::string key_id = "AKIDOLD";
  const auto authenticator =
      make_sigv4_authenticator(signing_platform(), nullptr,
                               aws::make_cached_provider(std::make_unique<RotatingKeys>(key_id), noon), noon);
  std::vector<bool> renewed;
  boost::asio::io_context io;
  boost::asio::co_spawn(io, refuse_two(*authenticator, key_id, renewed),
                        [](const std::exception_ptr& e) { EXPECT_EQ(e, nullptr); });
  io.run();
  EXPECT_EQ(renewed, (std::vector<bool>{true, false, true, false}));
}

}  // namespace
}  // namespace awl::anthropic
