// What follows a failed attempt at a call. Source: product documentation, "Automatic retries".
#pragma once

#include <chrono>

#include "anthropic/retry.h"

namespace awl::anthropic {

/// Where in the exchange an attempt failed.
enum class FailurePoint {
  kNoAnswer,      ///< no response, or one with an error status
  kFirstEvent,    ///< the stream's first event was an error: as good as an error status
  kNothingDone,   ///< the stream broke before a content block was complete
  kThinkingDone,  ///< … after thinking, and before a text or a tool call was complete
  kNoMessage,     ///< an answer that was not to be a stream came with status 200 and is no message
};

struct AttemptFailure {
  CallError error;
  net::Headers headers;
  FailurePoint point = FailurePoint::kNoAnswer;
  bool transient = false;  ///< the same request may be answered later
  bool stalled = false;    ///< the stream went silent
};

/// Counts the attempts of one call.
class RetryPlan {
 public:
  enum class Step {
    kGiveUp,
    kRefresh,     ///< look for other credentials; try again at once when there are some, else give up
    kAtOnce,      ///< try again without a pause, and without counting it
    kAfterPause,  ///< try again after pause(); it counts
  };

  /// `has_fallback`: another model stands by, so an overloaded one is given up after three attempts.
  RetryPlan(const RetryPolicy& policy, bool has_fallback) : policy_(policy), has_fallback_(has_fallback) {}

  /// What to do after `failure`, whose sentence is completed when it is the last. `random` in [0,1).
  Step next(AttemptFailure& failure, double random);

  /// Whether the next attempt asks for a stream.
  bool streaming() const { return streaming_; }
  /// The number of the retry that follows, from 1.
  int attempt() const { return retries_; }
  std::chrono::milliseconds pause() const { return pause_; }

 private:
  Step after_broken_stream(AttemptFailure& failure, double random);
  Step after_pause(AttemptFailure& failure, double random);
  bool may_ask_without_stream() const { return streaming_ && policy_.non_streaming_fallback; }

  RetryPolicy policy_;
  bool has_fallback_;
  bool streaming_ = true;
  bool refreshed_ = false;
  int retries_ = 0;
  int overloads_ = 0;
  int after_thinking_ = 0;
  int stalls_ = 0;
  std::chrono::milliseconds pause_{};
};

}  // namespace awl::anthropic
