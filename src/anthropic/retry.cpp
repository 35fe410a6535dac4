#include "anthropic/retry.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/strings.h"
#include "net/http_date.h"

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
  if (error != std::errc() || end != trimmed.data() + trimmed.size() || !(value >= 0)) return std::nullopt;
  return value;
}

// A date in Retry-After is compared with the server's own clock; without that, the ordinary pause is safe.
std::optional<double> date_header_ms(const net::Headers& headers) {
  const std::string* until = net::find_header(headers, "retry-after");
  const std::string* now = net::find_header(headers, "date");
  if (until == nullptr || now == nullptr) return std::nullopt;
  const auto end = net::parse_http_date(*until);
  const auto begin = net::parse_http_date(*now);
  if (!end || !begin) return std::nullopt;
  return std::max(0.0, static_cast<double>((*end - *begin).count()));
}

using std::chrono::milliseconds;

constexpr int kUnattendedRetries = 300;
constexpr milliseconds kUnattendedMaxDelay = std::chrono::minutes(5);
constexpr milliseconds kUnattendedRetryAfter = std::chrono::hours(24 * 31);
constexpr milliseconds kIdleTimeout = std::chrono::minutes(5);
constexpr milliseconds kDirectByteTimeout = std::chrono::seconds(180);
constexpr milliseconds kMinByteTimeout = std::chrono::seconds(10);
constexpr milliseconds kMaxByteTimeout = std::chrono::minutes(30);
constexpr std::string_view kDirectUrl = "https://api.anthropic.com";

std::optional<long long> number(const Environment& environment, std::string_view name) {
  return parse_integer(trim(environment.get(name)));
}

std::optional<milliseconds> duration(const Environment& environment, std::string_view name) {
  const auto value = number(environment, name);
  if (!value || *value <= 0) return std::nullopt;
  return milliseconds(std::min(*value, kMaxTimeoutMs));
}

// On unless it is switched off.
bool is_on_by_default(const Environment& environment, std::string_view name) {
  return !environment.has(name) || environment.is_on(name);
}

IdleLimits choose_idle_limits(const Environment& environment, const Provider& provider) {
  const bool direct = provider.kind == ProviderKind::kAnthropicApi && provider.base_url == kDirectUrl;
  IdleLimits limits{.bytes = direct ? kDirectByteTimeout : kIdleTimeout, .events = kIdleTimeout};
  if (auto wanted = duration(environment, "CLAUDE_STREAM_IDLE_TIMEOUT_MS")) {
    limits.events = std::max(*wanted, kIdleTimeout);
    limits.bytes = std::min(limits.events, kMaxByteTimeout);
  }
  if (const auto wanted = duration(environment, "CLAUDE_BYTE_STREAM_IDLE_TIMEOUT_MS"))
    limits.bytes = std::clamp(*wanted, kMinByteTimeout, kMaxByteTimeout);
  if (!is_on_by_default(environment, "CLAUDE_ENABLE_STREAM_WATCHDOG")) limits.events = {};
  if (!is_on_by_default(environment, "CLAUDE_ENABLE_BYTE_WATCHDOG")) limits.bytes = {};
  if (environment.is_on("API_FORCE_IDLE_TIMEOUT"))
    limits.bytes = limits.bytes.count() > 0 ? std::min(limits.bytes, kIdleTimeout) : kIdleTimeout;
  return limits;
}

}  // namespace

RetryPolicy choose_retry_policy(const Environment& environment, const Provider& provider) {
  RetryPolicy policy;
  policy.wait_for_capacity = environment.is_on("CLAUDE_CODE_RETRY_WATCHDOG");
  if (policy.wait_for_capacity) {
    policy.max_retries = kUnattendedRetries;
    policy.max_delay = kUnattendedMaxDelay;
    policy.max_retry_after = kUnattendedRetryAfter;
  }
  if (const auto retries = number(environment, "CLAUDE_CODE_MAX_RETRIES"); retries && *retries >= 0) {
    const long long cap = policy.wait_for_capacity ? std::numeric_limits<int>::max() : kMaxRetriesCap;
    policy.max_retries = static_cast<int>(std::min(*retries, cap));
  }
  policy.attempt_timeout = duration(environment, "API_TIMEOUT_MS").value_or(policy.attempt_timeout);
  policy.non_streaming_fallback = !environment.is_on("CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK");
  policy.idle = choose_idle_limits(environment, provider);
  return policy;
}

bool is_retryable(const CallError& error, const net::Headers& headers) {
  if (error.category == "billing_error") return false;
  if (const std::string* advice = net::find_header(headers, "x-should-retry")) {
    if (*advice == "false") return false;
    if (*advice == "true") return true;
  }
  if (!error.status) return true;
  return *error.status == 408 || *error.status == 409 || *error.status == 429 || *error.status >= 500;
}

std::optional<std::chrono::milliseconds> retry_delay(const RetryPolicy& policy, int attempt,
                                                     const net::Headers& headers, double random) {
  std::optional<double> asked_ms = number_header(headers, "retry-after-ms");
  if (!asked_ms) {
    asked_ms = number_header(headers, "retry-after");
    if (asked_ms) *asked_ms *= 1000;
    if (!asked_ms) asked_ms = date_header_ms(headers);
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
