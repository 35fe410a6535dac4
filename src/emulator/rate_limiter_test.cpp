#include "emulator/rate_limiter.h"

#include <gtest/gtest.h>

#include "emulator/test_support.h"

namespace awl::emulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::kNow;

std::string header(const net::Headers& headers, std::string_view name) {
  const std::string* value = net::find_header(headers, name);
  return value == nullptr ? "" : *value;
}

TEST(RateLimiter, WithoutLimitsThereAreNoHeaders) {
  RateLimiter limiter({});
  net::Headers headers;
  EXPECT_TRUE(limiter.take("claude-opus-5", 1'000'000, kNow, headers));
  EXPECT_TRUE(headers.empty());
}

TEST(RateLimiter, RequestsComeBackAsTimePasses) {
  RateLimiter limiter({.requests_per_minute = 2});
  net::Headers headers;
  EXPECT_TRUE(limiter.take("claude-opus-5", 1, kNow, headers));
  EXPECT_EQ(header(headers, "anthropic-ratelimit-requests-limit"), "2");
  EXPECT_EQ(header(headers, "anthropic-ratelimit-requests-remaining"), "1");
  EXPECT_EQ(header(headers, "anthropic-ratelimit-requests-reset"), "2026-01-02T03:04:35Z");
  EXPECT_TRUE(limiter.take("claude-opus-4-7", 1, kNow, headers));
  const auto refused = limiter.take("claude-opus-5", 1, kNow, headers);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, 429);
  EXPECT_EQ(refused.error().type, "rate_limit_error");
  EXPECT_TRUE(refused.error().message.contains("2 requests per minute"));
  EXPECT_EQ(header(headers, "retry-after"), "30");
  headers.clear();
  EXPECT_TRUE(limiter.take("claude-haiku-4-5", 1, kNow, headers));  // a class of its own
  EXPECT_FALSE(limiter.take("claude-opus-5", 1, kNow + milliseconds(29'900), headers));
  EXPECT_TRUE(limiter.take("claude-opus-5", 1, kNow + seconds(30), headers));
}

TEST(RateLimiter, TokensInAndOut) {
  RateLimiter limiter({.input_tokens_per_minute = 60'000, .output_tokens_per_minute = 6'000});
  net::Headers headers;
  EXPECT_TRUE(limiter.take("claude-sonnet-5", 59'600, kNow, headers));
  EXPECT_EQ(header(headers, "anthropic-ratelimit-input-tokens-remaining"), "0");
  EXPECT_EQ(header(headers, "anthropic-ratelimit-output-tokens-remaining"), "6000");
  EXPECT_EQ(header(headers, "anthropic-ratelimit-tokens-limit"), "66000");
  const auto refused = limiter.take("claude-sonnet-5", 2'400, kNow, headers);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().message.contains("60000 input tokens per minute"));
  EXPECT_EQ(header(headers, "retry-after"), "2");
  limiter.add_output("claude-sonnet-5", 9'000, kNow);  // leaves a debt
  EXPECT_FALSE(limiter.take("claude-sonnet-5", 1, kNow + seconds(20), headers));
  EXPECT_TRUE(limiter.take("claude-sonnet-5", 1, kNow + seconds(31), headers));
}

TEST(RateLimiter, WhatNeverFitsIsRefusedForAMinute) {
  RateLimiter limiter({.input_tokens_per_minute = 100});
  net::Headers headers;
  EXPECT_TRUE(limiter.take("claude-opus-5", 50, kNow, headers));
  EXPECT_FALSE(limiter.take("claude-opus-5", 101, kNow, headers));
  EXPECT_EQ(header(headers, "retry-after"), "30");
}

TEST(RateLimiter, SpendLimitsLastUntilTheNextMonth) {
  RateLimiter own({.spend_limit_usd = 1.0});
  EXPECT_TRUE(own.check_spend("w", kNow));
  own.add_spend("w", 1.5, kNow);
  const auto refused = own.check_spend("other", kNow);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, 400);
  EXPECT_TRUE(refused.error().message.starts_with("You have reached your specified API usage limits"));
  EXPECT_TRUE(refused.error().message.contains("2026-02-01 at 00:00 UTC"));
  EXPECT_TRUE(own.check_spend("w", kNow + std::chrono::days(31)));

  RateLimiter workspace({.workspace_spend_limit_usd = 1.0});
  workspace.add_spend("w", 1.5, kNow);
  EXPECT_TRUE(workspace.check_spend("other", kNow));
  EXPECT_TRUE(
      workspace.check_spend("w", kNow).error().message.contains("specified workspace API usage limits"));

  RateLimiter cap({.spend_cap_usd = 1.0});
  cap.add_spend("w", 1.5, kNow);
  EXPECT_EQ(cap.check_spend("w", kNow).error().status, 429);
  EXPECT_TRUE(error_body(cap.check_spend("w", kNow).error(), "req_1")
                  .contains(R"("details":{"error_code":"enforced_spend_limit_reached"})"));
}

TEST(CostUsd, PricesCacheClassesApart) {
  Usage usage{.input_tokens = 1'000'000};
  EXPECT_DOUBLE_EQ(cost_usd("claude-opus-5", usage), 5);
  usage = {.output_tokens = 1'000'000};
  EXPECT_DOUBLE_EQ(cost_usd("claude-haiku-4-5", usage), 5);
  usage = {.cache_creation_input_tokens = 2'000'000, .cache_creation_1h_tokens = 1'000'000};
  EXPECT_DOUBLE_EQ(cost_usd("claude-sonnet-4-6", usage), 3.75 + 6);
  usage = {.cache_read_input_tokens = 1'000'000};
  EXPECT_DOUBLE_EQ(cost_usd("claude-fable-5", usage), 1);
}

}  // namespace
}  // namespace awl::emulator
