#include "agent/context_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "anthropic/authenticator.h"
#include "anthropic/fake_http.h"

namespace awl::agent {
namespace {

using ::testing::HasSubstr;

class ContextGuardTest : public ::testing::Test {
 protected:
  void SetUp() override {
    provider.base_url = "http://test";
    settings.model = anthropic::choose_model({.flag = "team", .settings = {}},
                                             Environment({{"CLAUDE_CODE_MAX_CONTEXT_TOKENS", "1000"}}),
                                             anthropic::Platform::kClaudePlatformOnAws, false);
    http.replies = {anthropic::Reply{.chunks = {R"({"input_tokens":999})"}}};
  }

  std::optional<anthropic::CallError> check(size_t message_bytes,
                                            const anthropic::TokenUsage* noted = nullptr,
                                            size_t noted_bytes = 0) {
    const auto authenticator = anthropic::make_key_authenticator(provider);
    anthropic::RetryPolicy policy;
    policy.max_retries = 0;
    anthropic::JsonClient client(http, *authenticator, policy, [] { return 0.0; });
    anthropic::TokenCounter counter(client);
    ContextGuard guard(has_counter ? &counter : nullptr, ledger);
    if (noted != nullptr) guard.note(*noted, noted_bytes);
    anthropic::Conversation conversation;
    conversation.add_user({anthropic::text_block(std::string(message_bytes, 'x'))});
    const anthropic::RequestBuilder requests(provider, settings);
    std::optional<anthropic::CallError> result;
    boost::asio::io_context io;
    auto body = [&]() -> Task<> { result = co_await guard.check(settings.model, requests, conversation); };
    boost::asio::co_spawn(io, body(), [](const std::exception_ptr& e) { EXPECT_EQ(e, nullptr); });
    io.run();
    return result;
  }

  anthropic::FakeHttp http;
  anthropic::Provider provider;
  anthropic::RequestSettings settings;
  UsageLedger ledger;
  bool has_counter = true;
};

TEST_F(ContextGuardTest, FarFromTheLimitNobodyIsAsked) {
  EXPECT_FALSE(check(500).has_value());
  EXPECT_TRUE(http.requests.empty());
}

TEST_F(ContextGuardTest, NearItThePlatformCounts) {
  EXPECT_FALSE(check(4'000).has_value()) << "999 tokens fit";
  EXPECT_EQ(http.requests.size(), 1U);
  http.replies = {anthropic::Reply{.chunks = {R"({"input_tokens":1000})"}}};
  const auto error = check(4'000);
  ASSERT_TRUE(error.has_value());
  EXPECT_THAT(error->error.message, HasSubstr("Prompt is too long"));
  EXPECT_THAT(error->error.message, HasSubstr("1000"));
  EXPECT_EQ(error->status, std::nullopt);
}

TEST_F(ContextGuardTest, WhatAnAnswerCountedIsNotEstimatedAgain) {
  const anthropic::TokenUsage counted{.input_tokens = 100, .cache_read_input_tokens = 200};
  EXPECT_FALSE(check(4'000, &counted, 4'000).has_value());
  EXPECT_TRUE(http.requests.empty()) << "300 tokens and nothing new";
  const anthropic::TokenUsage near{.cache_creation_input_tokens = 950};
  check(4'000, &near, 4'000);
  EXPECT_EQ(http.requests.size(), 1U);
}

TEST_F(ContextGuardTest, WithoutACountOrASureWindowThePlatformDecides) {
  http.replies = {anthropic::Reply{.status = 500}};
  EXPECT_FALSE(check(100'000).has_value());
  settings.model.window_is_sure = false;
  http.requests.clear();
  EXPECT_FALSE(check(100'000).has_value());
  has_counter = false;
  settings.model.window_is_sure = true;
  EXPECT_FALSE(check(100'000).has_value());
  EXPECT_TRUE(http.requests.empty());
}

TEST_F(ContextGuardTest, CountingByInferenceIsPaidFor) {
  http.replies = {anthropic::Reply{.status = 404},
                  anthropic::Reply{.chunks = {R"({"usage":{"input_tokens":2000,"output_tokens":1}})"}}};
  EXPECT_TRUE(check(4'000).has_value());
  EXPECT_EQ(ledger.by_model().at("team").tokens.input_tokens, 2'000);
}

}  // namespace
}  // namespace awl::agent
