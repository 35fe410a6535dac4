#include "anthropic/retry.h"

#include <gtest/gtest.h>

namespace awl::anthropic {
namespace {

using std::chrono::milliseconds;

TEST(Retry, ThePolicyComesFromTheEnvironment) {
  const auto policy = [](const char* retries, const char* timeout) {
    return choose_retry_policy(
        Environment({{"CLAUDE_CODE_MAX_RETRIES", retries}, {"API_TIMEOUT_MS", timeout}}));
  };
  EXPECT_EQ(policy("3", "1000").max_retries, 3);
  EXPECT_EQ(policy("3", "1000").attempt_timeout, milliseconds(1000));
  EXPECT_EQ(policy("99", "x").max_retries, 15);
  EXPECT_EQ(policy("-1", "").max_retries, 10);
  EXPECT_EQ(policy("0", "").max_retries, 0);
}

TEST(Retry, WhatIsWorthAnotherAttempt) {
  for (const int status : {408, 409, 429, 500, 502, 503, 529})
    EXPECT_TRUE(is_retryable(status, {})) << status;
  for (const int status : {400, 401, 403, 404, 413, 422}) EXPECT_FALSE(is_retryable(status, {})) << status;
  EXPECT_TRUE(is_retryable(std::nullopt, {}));
  EXPECT_FALSE(is_retryable(529, {{"X-Should-Retry", "false"}}));
  EXPECT_TRUE(is_retryable(400, {{"x-should-retry", "true"}}));
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
  EXPECT_EQ(retry_delay(policy, 1, {{"retry-after", "Fri, 31 Dec 1999 23:59:59 GMT"}}, 0), milliseconds(500));
}

}  // namespace
}  // namespace awl::anthropic
