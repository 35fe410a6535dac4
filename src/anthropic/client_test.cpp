#include "anthropic/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "anthropic/fake_http.h"

namespace awl::anthropic {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CountingAuthenticator final : public Authenticator {
 public:
  Task<Result<>> authenticate(net::HttpRequest& request) override {
    net::set_header(request.headers, "authorization", "attempt " + std::to_string(++attempts));
    co_return Result<>{};
  }
  Task<bool> refresh() override {
    ++refreshes;
    co_return renewable;
  }
  int attempts = 0;
  int refreshes = 0;
  bool renewable = false;
};

class Recorder final : public CallObserver {
 public:
  void on_stream_event(std::string_view /*event_json*/) override { ++events; }
  void on_block(const ContentBlock& block, const MessageAssembler& assembler) override {
    blocks.push_back(assembler.message_id() + ":" + block.text);
  }
  void on_retry(const RetryNotice& notice) override { retries.push_back(notice); }
  int events = 0;
  std::vector<std::string> blocks;
  std::vector<RetryNotice> retries;
};

class ClientTest : public ::testing::Test {
 protected:
  std::expected<ModelAnswer, CallError> call(int max_retries = 3, CallOptions options = {}) {
    RetryPolicy policy;
    policy.max_retries = max_retries;
    policy.first_delay = std::chrono::milliseconds(0);
    MessagesClient client(http, authenticator, policy, [] { return 0.0; });
    std::optional<std::expected<ModelAnswer, CallError>> result;
    boost::asio::io_context io;
    auto body = [&]() -> Task<> {
      result.emplace(co_await client.call(net::HttpRequest{}, recorder, options));
    };
    std::exception_ptr failure;
    boost::asio::co_spawn(io, body(), [&failure](const std::exception_ptr& e) { failure = e; });
    io.run();
    if (failure) std::rethrow_exception(failure);
    return std::move(*result);
  }
  FakeHttp http;
  CountingAuthenticator authenticator;
  Recorder recorder;
};

TEST_F(ClientTest, AnAnswerSplitAnywhere) {
  const std::string whole = std::string(kStart) + std::string(kText) + std::string(kStop) + std::string(kEnd);
  for (size_t cut = 0; cut <= whole.size(); cut += 7) {
    http.replies = {stream({whole.substr(0, cut), whole.substr(cut)})};
    const auto answer = call();
    ASSERT_TRUE(answer.has_value()) << cut;
    EXPECT_EQ(answer->blocks.at(0).text, "Hi");
    EXPECT_EQ(answer->stop_reason, "end_turn");
    EXPECT_EQ(answer->usage.output_tokens, 2);
    EXPECT_FALSE(answer->cut);
  }
}

TEST_F(ClientTest, EachRetryIsAuthenticatedAnew) {
  http.replies = {Reply{.status = 529,
                        .headers = {{"request-id", "r1"}},
                        .chunks = {R"({"error":{"type":"overloaded_error","message":"busy"}})"}},
                  Reply{.refused = true}, stream({kStart, kText, kStop, kEnd})};
  ASSERT_TRUE(call().has_value());
  ASSERT_EQ(http.requests.size(), 3U);
  EXPECT_EQ(*net::find_header(http.requests[2].headers, "authorization"), "attempt 3");
  ASSERT_EQ(recorder.retries.size(), 2U);
  EXPECT_EQ(recorder.retries[0].cause.status, 529);
  EXPECT_EQ(recorder.retries[0].cause.category, "overloaded");
  EXPECT_EQ(recorder.retries[0].cause.ids.anthropic, "r1");
  EXPECT_EQ(recorder.retries[1].attempt, 2);
  EXPECT_EQ(recorder.retries[1].cause.status, std::nullopt);
}

TEST_F(ClientTest, GivesUpAfterTheLimit) {
  http.replies = {Reply{.status = 500}};
  const auto answer = call(2);
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().status, 500);
  EXPECT_EQ(http.requests.size(), 3U);
}

TEST_F(ClientTest, ClientErrorsAreFinal) {
  http.replies = {Reply{.status = 400,
                        .chunks = {R"({"error":{"type":"invalid_request_error","message":"bad thing"}})"}}};
  const auto answer = call();
  ASSERT_FALSE(answer.has_value());
  EXPECT_THAT(answer.error().error.message, HasSubstr("bad thing"));
  EXPECT_EQ(http.requests.size(), 1U);
}

TEST_F(ClientTest, ARefusalIsTriedOnceMoreWithOtherCredentials) {
  http.replies = {Reply{.status = 403}};
  EXPECT_EQ(call().error().error.kind, ErrorKind::kCredentials);
  EXPECT_EQ(http.requests.size(), 1U) << "the same credentials would be refused again";
  authenticator.renewable = true;
  http.requests.clear();
  EXPECT_FALSE(call().has_value());
  EXPECT_EQ(http.requests.size(), 2U);
  EXPECT_TRUE(recorder.retries.empty());
}

TEST_F(ClientTest, CredentialsThatAServiceRepeatsAreHidden) {
  http.replies = {
      Reply{.status = 400, .chunks = {R"({"error":{"message":"you sent attempt 1 as authorization"}})"}}};
  const auto answer = call();
  ASSERT_FALSE(answer.has_value());
  EXPECT_THAT(answer.error().error.message, HasSubstr("you sent [redacted] as authorization"));
}

TEST_F(ClientTest, WhatCannotBeSentIsNotTriedAgain) {
  http.replies = {Reply{.refused = true}};
  http.refusal = ErrorKind::kTls;
  EXPECT_FALSE(call().has_value());
  EXPECT_EQ(http.requests.size(), 1U);
}

TEST_F(ClientTest, ThinkingAloneIsThoughtAgain) {
  constexpr std::string_view kThinking =
      "data: "
      "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":"
      "\"hm\","
      "\"signature\":\"s\"}}\n\n";
  http.replies = {stream({kStart, kThinking, kStop}, true), stream({kStart, kText, kStop, kEnd})};
  const auto answer = call();
  ASSERT_TRUE(answer.has_value());
  EXPECT_FALSE(answer->cut);
  EXPECT_EQ(http.requests.size(), 2U);
}

TEST_F(ClientTest, AnOverloadedModelGivesWayToItsFallback) {
  http.replies = {Reply{.status = 529}};
  EXPECT_EQ(call(10, {.has_fallback = true}).error().category, "overloaded");
  EXPECT_EQ(http.requests.size(), 3U);
}

TEST_F(ClientTest, ACutBeforeAnyBlockIsRepeatedAndTheTextCountsOnce) {
  http.replies = {stream({kStart, kText}, true), stream({}), stream({kStart, kText, kStop, kEnd})};
  const auto answer = call();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(http.requests.size(), 3U);
  EXPECT_THAT(recorder.blocks, ElementsAre("msg_1:Hi"));
}

TEST_F(ClientTest, ACutAfterABlockKeepsTheBlock) {
  http.replies = {stream({kStart, kText, kStop}, true)};
  const auto answer = call();
  ASSERT_TRUE(answer.has_value());
  EXPECT_TRUE(answer->cut);
  EXPECT_EQ(answer->blocks.size(), 1U);
  EXPECT_THAT(answer->cut_reason, HasSubstr("lost"));
  EXPECT_EQ(http.requests.size(), 1U);
}

TEST_F(ClientTest, AnErrorEventBeforeAnyBlockIsRepeated) {
  http.replies = {stream(
      {kStart, kText,
       "data: "
       "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n"})};
  const auto answer = call(1);
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(http.requests.size(), 2U);
  EXPECT_EQ(answer.error().category, "overloaded");
}

TEST_F(ClientTest, APageInsteadOfAStreamIsNamed) {
  http.replies = {Reply{.chunks = {"<html>sign in first</html>"}}};
  const auto answer = call(0);
  ASSERT_FALSE(answer.has_value());
  EXPECT_THAT(answer.error().error.message, HasSubstr("sign in first"));
}

}  // namespace
}  // namespace awl::anthropic
