#include "anthropic/retry.h"

#include <algorithm>
#include <charconv>

#include "base/strings.h"

namespace awl::anthropic {

namespace {

constexpr int kMaxRetriesCap = 15;
constexpr double kJitter = 0.25;
constexpr long long kMaxTimeoutMs = 2'147'483'647;

std::optional<double> number_header(const net::Headers& headers, std::string_view name) {
  const std::string* text = net::find_header(headers, name);
  if (text == nullptr) return std::nullopt;
  const std::string_view trimmed = trim(*text);
  double value = 0;
  const auto [end, error] = std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), value);
  // An HTTP date in Retry-After is treated as absent: clocks differ, and the ordinary pause is safe.
  if (error != std::errc() || end != trimmed.data() + trimmed.size() || value < 0) return std::nullopt;
  return value;
}

}  // namespace

RetryPolicy choose_retry_policy(const Environment& environment) {
  RetryPolicy policy;
  if (const auto retries = parse_integer(trim(environment.get("CLAUDE_CODE_MAX_RETRIES")));
      retries && *retries >= 0) {
    policy.max_retries = static_cast<int>(std::min<long long>(*retries, kMaxRetriesCap));
  }
  if (const auto timeout = parse_integer(trim(environment.get("API_TIMEOUT_MS"))); timeout && *timeout > 0) {
    policy.attempt_timeout = std::chrono::milliseconds(std::min(*timeout, kMaxTimeoutMs));
  }
  return policy;
}

bool is_retryable(std::optional<int> status, const net::Headers& headers) {
  if (const std::string* advice = net::find_header(headers, "x-should-retry")) {
    if (*advice == "false") return false;
    if (*advice == "true") return true;
  }
  if (!status) return true;
  return *status == 408 || *status == 409 || *status == 429 || *status >= 500;
}

std::optional<std::chrono::milliseconds> retry_delay(const RetryPolicy& policy, int attempt,
                                                     const net::Headers& headers, double random) {
  std::optional<double> asked_ms = number_header(headers, "retry-after-ms");
  if (!asked_ms) {
    asked_ms = number_header(headers, "retry-after");
    if (asked_ms) *asked_ms *= 1000;
  }
  if (asked_ms) {
    if (*asked_ms > static_cast<double>(policy.max_retry_after.count())) return std::nullopt;
    return std::chrono::milliseconds(static_cast<long long>(*asked_ms));
  }
  const int doublings = std::min(attempt - 1, 20);
  const auto base = std::min(policy.first_delay * (int64_t{1} << doublings), policy.max_delay);
  return base + std::chrono::milliseconds(
                    static_cast<long long>(static_cast<double>(base.count()) * kJitter * random));
}

}  // namespace awl::anthropic
