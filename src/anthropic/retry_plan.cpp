#include "anthropic/retry_plan.h"

#include <utility>

namespace awl::anthropic {

namespace {

constexpr int kOverloads = 3;  // then another model takes over, when there is one
constexpr int kRepeatsAfterThinking = 2;
constexpr int kRepeatsAfterStall = 1;

bool is_capacity(const CallError& error) {
  return error.category == "overloaded" || error.category == "rate_limit";
}

}  // namespace

RetryPlan::Step RetryPlan::next(AttemptFailure& failure, double random) {
  const std::optional<int> status = failure.error.status;
  if (failure.error.category == "overloaded") ++overloads_;
  if (failure.error.category == "billing_error") return Step::kGiveUp;
  if ((status == 401 || status == 403) && !std::exchange(refreshed_, true)) return Step::kRefresh;
  // A gateway may serve the endpoint without streams only.
  if (status == 404 && streaming_) {
    streaming_ = false;
    return Step::kAtOnce;
  }
  switch (failure.point) {
    case FailurePoint::kNoAnswer:
      return after_pause(failure, random);
    case FailurePoint::kFirstEvent: {
      const Step step = after_pause(failure, random);
      const bool gives_way = has_fallback_ && overloads_ >= kOverloads;
      if (step != Step::kGiveUp || !failure.transient || gives_way || !may_ask_without_stream()) return step;
      streaming_ = false;
      return Step::kAtOnce;
    }
    case FailurePoint::kNothingDone:
    case FailurePoint::kThinkingDone:
      return after_broken_stream(failure, random);
    case FailurePoint::kNoMessage:
      return Step::kGiveUp;
  }
  return Step::kGiveUp;
}

RetryPlan::Step RetryPlan::after_broken_stream(AttemptFailure& failure, double random) {
  const bool thought = failure.point == FailurePoint::kThinkingDone;
  bool again = true;
  if (failure.stalled) {
    again = ++stalls_ <= kRepeatsAfterStall;
  } else if (thought) {
    again = ++after_thinking_ <= kRepeatsAfterThinking;
  }
  if (!again) {
    failure.error.error.hint = failure.stalled
                                   ? "The stream stalled before a response was produced; try again later"
                                   : "It broke before a response was produced; try again later";
    return Step::kGiveUp;
  }
  if (thought) return Step::kAtOnce;
  if (may_ask_without_stream()) {
    streaming_ = false;
    return Step::kAtOnce;
  }
  return failure.stalled ? Step::kAtOnce : after_pause(failure, random);
}

RetryPlan::Step RetryPlan::after_pause(AttemptFailure& failure, double random) {
  if (!failure.transient) return Step::kGiveUp;
  if (has_fallback_ && overloads_ >= kOverloads) return Step::kGiveUp;
  const bool endless = policy_.wait_for_capacity && is_capacity(failure.error);
  if (retries_ >= policy_.max_retries && !endless) return Step::kGiveUp;
  const auto pause = retry_delay(policy_, retries_ + 1, failure.headers, random);
  if (!pause) {
    failure.error.error.hint = "The server asks for a longer pause than this run waits for; try again later";
    return Step::kGiveUp;
  }
  ++retries_;
  pause_ = *pause;
  return Step::kAfterPause;
}

}  // namespace awl::anthropic
