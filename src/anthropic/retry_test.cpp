#include "anthropic/retry.h"

#include <gtest/gtest.h>

namespace awl::anthropic {
namespace {

using std::chrono::milliseconds;

TEST(Retry, ThePolicyComesFromTheEnvironment) {
  const auto policy = [](const char* retries, const char* timeout) {
    return choose_retry_policy(
        Environment({{"CLAUDE_CODE_MAX_RETRIES", retries}, {"API_TIMEOUT_MS", timeout}}), Provider{});
  };
  EXPECT_EQ(policy("3", "1000").max_retries, 3);
  EXPECT_EQ(policy("3", "1000").attempt_timeout, milliseconds(1000));
  EXPECT_EQ(policy("99", "x").max_retries, 15);
  EXPECT_EQ(policy("-1", "").max_retries, 10);
  EXPECT_EQ(policy("0", "").max_retries, 0);
}

TEST(Retry, AnUnattendedRunWaitsForCapacity) {
  const RetryPolicy policy =
      choose_retry_policy(Environment({{"CLAUDE_CODE_RETRY_WATCHDOG", "1"}}), Provider{});
  EXPECT_TRUE(policy.wait_for_capacity);
  EXPECT_EQ(policy.max_retries, 300);
  EXPECT_EQ(
      choose_retry_policy(
          Environment({{"CLAUDE_CODE_RETRY_WATCHDOG", "1"}, {"CLAUDE_CODE_MAX_RETRIES", "40"}}), Provider{})
          .max_retries,
      40);
}

TEST(Retry, WholeAnswersCanBeForbidden) {
  EXPECT_TRUE(choose_retry_policy(Environment(), Provider{}).non_streaming_fallback);
  EXPECT_FALSE(
      choose_retry_policy(Environment({{"CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK", "1"}}), Provider{})
          .non_streaming_fallback);
}

class IdleLimitsTest : public ::testing::Test {
 protected:
  IdleLimits limits(std::map<std::string, std::string, std::less<>> variables) const {
    return choose_retry_policy(Environment(std::move(variables)), provider).idle;
  }
  Provider provider{.kind = ProviderKind::kClaudePlatformOnAws, .base_url = "https://gateway"};
};

TEST_F(IdleLimitsTest, Defaults) {
  EXPECT_EQ(limits({}).bytes, milliseconds(300'000));
  EXPECT_EQ(limits({}).events, milliseconds(300'000));
  provider.kind = ProviderKind::kAnthropicApi;
  EXPECT_EQ(limits({}).bytes, milliseconds(300'000)) << "a gateway";
  provider.base_url = "https://api.anthropic.com";
  EXPECT_EQ(limits({}).bytes, milliseconds(180'000));
}

TEST_F(IdleLimitsTest, AreKeptInsideTheirBounds) {
  const auto both = [this](const char* value) { return limits({{"CLAUDE_STREAM_IDLE_TIMEOUT_MS", value}}); };
  EXPECT_EQ(both("1000").events, milliseconds(300'000));
  EXPECT_EQ(both("1000").bytes, milliseconds(300'000));
  EXPECT_EQ(both("7200000").events, milliseconds(7'200'000));
  EXPECT_EQ(both("7200000").bytes, milliseconds(1'800'000));
  EXPECT_EQ(both("soon").events, milliseconds(300'000));
  const auto bytes = [this](const char* value) {
    return limits(
        {{"CLAUDE_STREAM_IDLE_TIMEOUT_MS", "600000"}, {"CLAUDE_BYTE_STREAM_IDLE_TIMEOUT_MS", value}});
  };
  EXPECT_EQ(bytes("1").bytes, milliseconds(10'000));
  EXPECT_EQ(bytes("20000").bytes, milliseconds(20'000));
  EXPECT_EQ(bytes("99999999").bytes, milliseconds(1'800'000));
  EXPECT_EQ(bytes("20000").events, milliseconds(600'000));
}

TEST_F(IdleLimitsTest, CanBeSwitchedOff) {
  EXPECT_EQ(limits({{"CLAUDE_ENABLE_STREAM_WATCHDOG", "0"}}).events.count(), 0);
  EXPECT_EQ(limits({{"CLAUDE_ENABLE_STREAM_WATCHDOG", "1"}}).events, milliseconds(300'000));
  EXPECT_EQ(limits({{"CLAUDE_ENABLE_BYTE_WATCHDOG", "false"}}).bytes.count(), 0);
  EXPECT_EQ(limits({{"CLAUDE_ENABLE_BYTE_WATCHDOG", "0"}, {"API_FORCE_IDLE_TIMEOUT", "1"}}).bytes,
            milliseconds(300'000));
  EXPECT_EQ(limits({{"API_FORCE_IDLE_TIMEOUT", "0"}}).bytes, milliseconds(300'000));
}

TEST(Retry, WhatIsWorthAnotherAttempt) {
  const auto retryable = [](std::optional<int> status, const net::Headers& headers = {}) {
    return is_retryable({{}, status, "", {}}, headers);
  };
  for (const int status : {408, 409, 429, 500, 502, 503, 529}) EXPECT_TRUE(retryable(status)) << status;
  for (const int status : {400, 401, 403, 404, 413, 422}) EXPECT_FALSE(retryable(status)) << status;
  EXPECT_TRUE(retryable(std::nullopt));
  EXPECT_FALSE(retryable(529, {{"X-Should-Retry", "false"}}));
  EXPECT_TRUE(retryable(400, {{"x-should-retry", "true"}}));
  EXPECT_FALSE(is_retryable({{}, 429, "billing_error", {}}, {{"x-should-retry", "true"}}));
}

TEST(Retry, PausesDoubleWithJitterUpToALimit) {
  const RetryPolicy policy;
  EXPECT_EQ(retry_delay(policy, 1, {}, 0), milliseconds(500));
  EXPECT_EQ(retry_delay(policy, 2, {}, 0), milliseconds(1000));
  EXPECT_EQ(retry_delay(policy, 2, {}, 0.999), milliseconds(1249));
  EXPECT_EQ(retry_delay(policy, 15, {}, 0), milliseconds(32'000));
}

TEST(Retry, RetryAfterIsHonoured) {
  const RetryPolicy policy;
  EXPECT_EQ(retry_delay(policy, 1, {{"retry-after", "2"}}, 0.5), milliseconds(2000));
  EXPECT_EQ(retry_delay(policy, 1, {{"Retry-After-Ms", "250"}, {"retry-after", "9"}}, 0.5),
            milliseconds(250));
  EXPECT_EQ(retry_delay(policy, 1, {{"retry-after", "3600"}}, 0), std::nullopt);
  EXPECT_EQ(retry_delay(policy, 1, {{"retry-after", "nan"}}, 0), milliseconds(500));
  EXPECT_EQ(retry_delay(policy, 1, {{"retry-after", "Fri, 31 Dec 1999 23:59:59 GMT"}}, 0), milliseconds(500));
}

TEST(RetryDelay, ADateIsComparedWithTheServersClock) {
  const RetryPolicy policy;
  const net::Headers headers{{"retry-after", "Sun, 06 Nov 1994 08:49:47 GMT"},
                             {"date", "Sun, 06 Nov 1994 08:49:37 GMT"}};
  EXPECT_EQ(retry_delay(policy, 1, headers, 0), std::chrono::seconds(10));
  EXPECT_EQ(retry_delay(policy, 1, {headers[0]}, 0), policy.first_delay) << "without its clock";
  EXPECT_EQ(retry_delay(policy, 1, {headers[0], {"date", "Sun, 06 Nov 1994 09:00:00 GMT"}}, 0),
            std::chrono::seconds(0));
}

}  // namespace
}  // namespace awl::anthropic
