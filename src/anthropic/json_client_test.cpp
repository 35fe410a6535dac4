#include "anthropic/json_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "anthropic/fake_http.h"
#include "anthropic/list_models.h"

namespace awl::anthropic {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Reply answers(std::string body, int status = 200) {
  return Reply{.status = status, .chunks = {std::move(body)}};
}

class JsonClientTest : public ::testing::Test {
 protected:
  template <typename T>
  std::expected<T, CallError> run(const std::function<Task<std::expected<T, CallError>>(JsonClient&)>& ask) {
    Provider provider;
    provider.auth = AuthMethod::kApiKey;
    provider.secret = Secret("key-1");
    const auto authenticator = make_key_authenticator(provider);
    RetryPolicy policy;
    policy.max_retries = 2;
    policy.first_delay = std::chrono::milliseconds(0);
    JsonClient client(http, *authenticator, policy, [] { return 0.0; });
    std::optional<std::expected<T, CallError>> result;
    boost::asio::io_context io;
    auto body = [&]() -> Task<> { result.emplace(co_await ask(client)); };
    std::exception_ptr failure;
    boost::asio::co_spawn(io, body(), [&failure](const std::exception_ptr& e) { failure = e; });
    io.run();
    if (failure) std::rethrow_exception(failure);
    return std::move(*result);
  }
  std::expected<json::Value, CallError> call() {
    return run<json::Value>([this](JsonClient& client) { return client.call(request); });
  }
  std::expected<ModelList, CallError> list() {
    return run<ModelList>([this](JsonClient& client) { return list_models(client, base_url, headers); });
  }
  FakeHttp http;
  net::HttpRequest request;  // what is awaited refers to these
  std::string base_url = "http://test";
  net::Headers headers{{"anthropic-workspace-id", "wrkspc_1"}};
};

TEST_F(JsonClientTest, AFailureThatMayPassIsTriedAgainWithItsKey) {
  http.replies = {answers("{}", 529), Reply{.refused = true}, answers(R"({"a":1})")};
  const auto answer = call();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ((*answer)["a"], 1);
  ASSERT_EQ(http.requests.size(), 3U);
  EXPECT_EQ(*net::find_header(http.requests[2].headers, "x-api-key"), "key-1");
}

TEST_F(JsonClientTest, RetriesEnd) {
  http.replies = {answers("{}", 500)};
  EXPECT_EQ(call().error().status, 500);
  EXPECT_EQ(http.requests.size(), 3U);
}

TEST_F(JsonClientTest, WhatIsRefusedOrAbsentIsFinal) {
  for (const int status : {400, 403, 404, 405}) {
    http.requests.clear();
    http.replies = {answers(R"({"error":{"message":"key-1 may not"}})", status)};
    const auto answer = call();
    EXPECT_EQ(answer.error().status, status);
    EXPECT_THAT(answer.error().error.message, Not(HasSubstr("key-1")));
    EXPECT_EQ(http.requests.size(), 1U) << status;
  }
}

TEST_F(JsonClientTest, AnAnswerThatIsNoObjectIsNamed) {
  http.replies = {answers("<html>sign in</html>")};
  EXPECT_THAT(call().error().error.message, HasSubstr("sign in"));
  http.replies = {answers("[1]")};
  EXPECT_EQ(call().error().error.kind, ErrorKind::kParse);
}

TEST_F(JsonClientTest, TheModelsComePageByPage) {
  http.replies = {answers(R"({"data":[{"id":"a"},{"id":"b"}],"has_more":true,"last_id":"b"})"),
                  answers(R"({"data":[{"id":"c"}],"has_more":false,"last_id":"c"})")};
  const auto models = list();
  ASSERT_TRUE(models.has_value());
  ASSERT_EQ(models->size(), 3U);
  EXPECT_EQ(models->back().id, "c");
  EXPECT_EQ(http.requests[0].method, "GET");
  EXPECT_THAT(http.requests[0].url, HasSubstr("http://test/v1/models?limit="));
  EXPECT_THAT(http.requests[1].url, HasSubstr("&after_id=b"));
  EXPECT_EQ(*net::find_header(http.requests[1].headers, "anthropic-workspace-id"), "wrkspc_1");
}

TEST_F(JsonClientTest, PagesWithoutEndEnd) {
  http.replies = {answers(R"({"data":[{"id":"a"}],"has_more":true,"last_id":"a"})")};
  EXPECT_TRUE(list().has_value());
  EXPECT_LE(http.requests.size(), 2U);
  http.replies = {answers(R"({"no":"list"})")};
  EXPECT_EQ(list().error().error.kind, ErrorKind::kParse);
}

}  // namespace
}  // namespace awl::anthropic
