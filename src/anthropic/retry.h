// When a failed attempt is made again, and after how long.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "anthropic/api_error.h"
#include "anthropic/provider.h"
#include "anthropic/stream_watch.h"
#include "base/environment.h"
#include "net/http.h"

namespace awl::anthropic {

struct RetryPolicy {
  int max_retries = 10;                                ///< CLAUDE_CODE_MAX_RETRIES, at most 15
  std::chrono::milliseconds attempt_timeout{600'000};  ///< API_TIMEOUT_MS: until the response begins
  IdleLimits idle;                                     ///< after that
  /// A stream that broke before anything was complete is followed by a request for a whole answer.
  bool non_streaming_fallback = true;
  /// CLAUDE_CODE_RETRY_WATCHDOG: 429 and 529 are waited out however long it takes.
  bool wait_for_capacity = false;
  std::chrono::milliseconds first_delay{500};
  std::chrono::milliseconds max_delay{32'000};
  std::chrono::milliseconds max_retry_after{
      600'000};  ///< a longer Retry-After is final: better an error than a hang
};

/// From CLAUDE_CODE_MAX_RETRIES, CLAUDE_CODE_RETRY_WATCHDOG, API_TIMEOUT_MS,
/// CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK, and of the idle limits CLAUDE_ENABLE_BYTE_WATCHDOG,
/// CLAUDE_ENABLE_STREAM_WATCHDOG, CLAUDE_STREAM_IDLE_TIMEOUT_MS, CLAUDE_BYTE_STREAM_IDLE_TIMEOUT_MS and
/// API_FORCE_IDLE_TIMEOUT. What cannot be understood counts as not set.
RetryPolicy choose_retry_policy(const Environment& environment, const Provider& provider);

/// 408, 409, 429, every 5xx, and no response at all are worth another attempt, unless the server says
/// otherwise (x-should-retry) or a spend limit was reached. 401 and 403 are not: the caller refreshes the
/// credentials instead.
bool is_retryable(const CallError& error, const net::Headers& headers);

/// The pause before retry number `attempt` (from 1): what Retry-After or retry-after-ms says, else
/// first_delay doubled each time up to max_delay, plus up to a quarter of jitter (`random` in [0,1)).
/// nullopt: Retry-After exceeds what may be waited for.
std::optional<std::chrono::milliseconds> retry_delay(const RetryPolicy& policy, int attempt,
                                                     const net::Headers& headers, double random);

}  // namespace awl::anthropic
