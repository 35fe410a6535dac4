#include "anthropic/retry_plan.h"

#include <gtest/gtest.h>

namespace awl::anthropic {
namespace {

using Step = RetryPlan::Step;

class RetryPlanTest : public ::testing::Test {
 protected:
  static AttemptFailure status(int status, net::Headers headers = {}) {
    AttemptFailure failure;
    failure.headers = std::move(headers);
    failure.error = parse_error_response(status, failure.headers, "");
    failure.transient = is_retryable(failure.error, failure.headers);
    return failure;
  }
  static AttemptFailure broken(FailurePoint point, std::string category = "unknown", bool stalled = false) {
    AttemptFailure failure;
    failure.error.category = std::move(category);
    failure.point = point;
    failure.transient = true;
    failure.stalled = stalled;
    return failure;
  }
  static RetryPolicy policy(int max_retries, bool non_streaming = true) {
    RetryPolicy result;
    result.max_retries = max_retries;
    result.non_streaming_fallback = non_streaming;
    return result;
  }
  static Step next(RetryPlan& plan, AttemptFailure failure) { return plan.next(failure, 0); }
};

TEST_F(RetryPlanTest, PausesAreCountedAndGrow) {
  RetryPlan plan(policy(2), false);
  EXPECT_EQ(next(plan, status(500)), Step::kAfterPause);
  EXPECT_EQ(plan.attempt(), 1);
  EXPECT_EQ(plan.pause(), std::chrono::milliseconds(500));
  EXPECT_EQ(next(plan, status(503)), Step::kAfterPause);
  EXPECT_EQ(plan.pause(), std::chrono::milliseconds(1000));
  EXPECT_EQ(next(plan, status(500)), Step::kGiveUp);
}

TEST_F(RetryPlanTest, FinalStatusesAreFinal) {
  for (const int code : {400, 402, 413, 422}) {
    RetryPlan plan(policy(9), false);
    EXPECT_EQ(next(plan, status(code)), Step::kGiveUp) << code;
  }
}

TEST_F(RetryPlanTest, RefusedCredentialsAreRefreshedOnce) {
  RetryPlan plan(policy(9), false);
  EXPECT_EQ(next(plan, status(401)), Step::kRefresh);
  EXPECT_EQ(next(plan, status(403)), Step::kGiveUp);
}

TEST_F(RetryPlanTest, An404IsAskedForOnceMoreWithoutAStream) {
  RetryPlan plan(policy(0, /*non_streaming=*/false), false);
  EXPECT_EQ(next(plan, status(404)), Step::kAtOnce);
  EXPECT_FALSE(plan.streaming());
  EXPECT_EQ(next(plan, status(404)), Step::kGiveUp);
}

TEST_F(RetryPlanTest, AStreamThatBrokeEarlyIsFollowedByAWholeAnswer) {
  RetryPlan plan(policy(0), false);
  EXPECT_TRUE(plan.streaming());
  EXPECT_EQ(next(plan, broken(FailurePoint::kNothingDone)), Step::kAtOnce);
  EXPECT_FALSE(plan.streaming());
  EXPECT_EQ(next(plan, broken(FailurePoint::kNoMessage)), Step::kGiveUp);
}

TEST_F(RetryPlanTest, WithoutWholeAnswersItIsAnOrdinaryFailure) {
  RetryPlan plan(policy(1, /*non_streaming=*/false), false);
  EXPECT_EQ(next(plan, broken(FailurePoint::kNothingDone)), Step::kAfterPause);
  EXPECT_TRUE(plan.streaming());
  EXPECT_EQ(next(plan, broken(FailurePoint::kNothingDone)), Step::kGiveUp);
}

TEST_F(RetryPlanTest, ThinkingIsThoughtAgainTwice) {
  RetryPlan plan(policy(0), false);
  EXPECT_EQ(next(plan, broken(FailurePoint::kThinkingDone)), Step::kAtOnce);
  EXPECT_EQ(next(plan, broken(FailurePoint::kThinkingDone)), Step::kAtOnce);
  EXPECT_TRUE(plan.streaming());
  EXPECT_EQ(next(plan, broken(FailurePoint::kThinkingDone)), Step::kGiveUp);
}

TEST_F(RetryPlanTest, AStallIsRepeatedOnce) {
  for (const FailurePoint point : {FailurePoint::kNothingDone, FailurePoint::kThinkingDone}) {
    RetryPlan plan(policy(9), false);
    EXPECT_EQ(next(plan, broken(point, "unknown", true)), Step::kAtOnce);
    EXPECT_EQ(next(plan, broken(FailurePoint::kThinkingDone, "unknown", true)), Step::kGiveUp);
  }
}

TEST_F(RetryPlanTest, OverloadAsTheFirstEventIsRetriedAndThenAskedForWhole) {
  RetryPlan plan(policy(1), false);
  EXPECT_EQ(next(plan, broken(FailurePoint::kFirstEvent, "overloaded")), Step::kAfterPause);
  EXPECT_TRUE(plan.streaming());
  EXPECT_EQ(next(plan, broken(FailurePoint::kFirstEvent, "overloaded")), Step::kAtOnce);
  EXPECT_FALSE(plan.streaming());
  EXPECT_EQ(next(plan, status(529)), Step::kGiveUp);
}

TEST_F(RetryPlanTest, AnotherModelTakesOverAfterThreeOverloads) {
  RetryPlan plan(policy(9), true);
  EXPECT_EQ(next(plan, status(529)), Step::kAfterPause);
  EXPECT_EQ(next(plan, broken(FailurePoint::kFirstEvent, "overloaded")), Step::kAfterPause);
  EXPECT_EQ(next(plan, status(500)), Step::kAfterPause);
  EXPECT_EQ(next(plan, broken(FailurePoint::kFirstEvent, "overloaded")), Step::kGiveUp);
}

TEST_F(RetryPlanTest, ASpendLimitIsFinalAndCapacityMayBeWaitedFor) {
  RetryPolicy patient = policy(1);
  patient.wait_for_capacity = true;
  RetryPlan plan(patient, false);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(next(plan, status(i % 2 == 0 ? 429 : 529)), Step::kAfterPause);
  EXPECT_EQ(next(plan, status(500)), Step::kGiveUp);
  RetryPlan other(patient, false);
  EXPECT_EQ(next(other, broken(FailurePoint::kNoAnswer, "billing_error")), Step::kGiveUp);
}

TEST_F(RetryPlanTest, ALongRetryAfterIsFinalAndSaysSo) {
  RetryPlan plan(policy(9), false);
  AttemptFailure failure = status(429, {{"retry-after", "99999"}});
  EXPECT_EQ(plan.next(failure, 0), Step::kGiveUp);
  EXPECT_FALSE(failure.error.error.hint.empty());
}

}  // namespace
}  // namespace awl::anthropic
