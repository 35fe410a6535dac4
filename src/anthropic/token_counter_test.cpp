#include "anthropic/token_counter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "anthropic/fake_http.h"

namespace awl::anthropic {
namespace {

using ::testing::HasSubstr;

Reply answers(std::string body, int status = 200) {
  return Reply{.status = status, .chunks = {std::move(body)}};
}

class TokenCounterTest : public ::testing::Test {
 protected:
  // Counts `times` times with one counter; gives the last count.
  std::expected<TokenCount, CallError> count(int times = 1) {
    Provider provider;
    provider.base_url = "http://test";
    const auto authenticator = make_key_authenticator(provider);
    RetryPolicy policy;
    policy.max_retries = 0;
    JsonClient client(http, *authenticator, policy, [] { return 0.0; });
    TokenCounter counter(client);
    RequestSettings settings;
    settings.model = choose_model({}, Environment(), Platform::kClaudePlatformOnAws, false);
    const RequestBuilder requests(provider, settings);
    Conversation conversation;
    conversation.add_user({text_block("hi")});
    std::optional<std::expected<TokenCount, CallError>> result;
    boost::asio::io_context io;
    auto body = [&]() -> Task<> {
      for (int i = 0; i < times; ++i) result.emplace(co_await counter.count(requests, conversation));
    };
    boost::asio::co_spawn(io, body(), [](const std::exception_ptr& e) { EXPECT_EQ(e, nullptr); });
    io.run();
    return std::move(*result);
  }
  FakeHttp http;
};

TEST_F(TokenCounterTest, TheRouteForItIsAsked) {
  http.replies = {answers(R"({"input_tokens":1234})")};
  const auto tokens = count();
  ASSERT_TRUE(tokens.has_value());
  EXPECT_EQ(tokens->input_tokens, 1234);
  EXPECT_FALSE(tokens->spent.has_value());
  EXPECT_THAT(http.requests.at(0).url, HasSubstr("/v1/messages/count_tokens"));
}

TEST_F(TokenCounterTest, WhereItIsRefusedOrAbsentOneTokenOfInferenceTells) {
  for (const int status : {403, 404, 405}) {
    http.requests.clear();
    http.replies = {answers("{}", status),
                    answers(R"({"usage":{"input_tokens":10,"cache_read_input_tokens":200,
                                "cache_creation_input_tokens":3000,"output_tokens":1}})")};
    const auto tokens = count(/*times=*/2);
    ASSERT_TRUE(tokens.has_value()) << status;
    EXPECT_EQ(tokens->input_tokens, 3210);
    ASSERT_TRUE(tokens->spent.has_value());
    EXPECT_EQ(tokens->spent->output_tokens, 1);
    ASSERT_EQ(http.requests.size(), 3U) << "the route is asked once";
    EXPECT_THAT(http.requests[2].body, HasSubstr(R"("max_tokens":1,)"));
  }
}

TEST_F(TokenCounterTest, OtherFailuresAndNonsenseAreErrors) {
  http.replies = {answers(R"({"error":{"message":"prompt is too long"}})", 400)};
  EXPECT_THAT(count().error().error.message, HasSubstr("too long"));
  EXPECT_EQ(http.requests.size(), 1U);
  http.replies = {answers(R"({"input_tokens":"many"})")};
  EXPECT_EQ(count().error().error.kind, ErrorKind::kParse);
  http.replies = {answers("{}", 404), answers("{}")};
  EXPECT_EQ(count().error().error.kind, ErrorKind::kParse);
}

}  // namespace
}  // namespace awl::anthropic
