#include "emulator/rate_limiter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "emulator/models.h"

namespace awl::emulator {

namespace {

using std::chrono::ceil;
using std::chrono::days;
using std::chrono::duration;
using std::chrono::floor;
using std::chrono::seconds;

constexpr double kPeriodSeconds = 60;
constexpr double kRounding = 1e-6;  // of many small refills
constexpr double kWriteFactor = 1.25;
constexpr double kLongWriteFactor = 2;
constexpr double kReadFactor = 0.1;

std::chrono::year_month month_of(TimePoint now) {
  const std::chrono::year_month_day day{floor<days>(now)};
  return day.year() / day.month();
}

std::string rfc3339(TimePoint time) {
  std::string text = format_iso8601(time);
  return text.substr(0, text.find('.')) + "Z";
}

std::string next_month(TimePoint now) {
  const std::chrono::year_month next = month_of(now) + std::chrono::months(1);
  return fmt::format("{:04}-{:02}-01 at 00:00 UTC", static_cast<int>(next.year()),
                     static_cast<unsigned>(next.month()));
}

long long rounded_to_thousand(double level) {
  return static_cast<long long>(std::llround(std::max(0.0, level) / 1000.0)) * 1000;
}

void add(net::Headers& headers, std::string_view kind, long long limit, long long remaining,
         TimePoint reset) {
  net::set_header(headers, fmt::format("anthropic-ratelimit-{}-limit", kind), std::to_string(limit));
  net::set_header(headers, fmt::format("anthropic-ratelimit-{}-remaining", kind), std::to_string(remaining));
  net::set_header(headers, fmt::format("anthropic-ratelimit-{}-reset", kind), rfc3339(reset));
}

std::unexpected<ApiError> exceeded(long long limit, std::string_view what, std::string_view model) {
  return std::unexpected(ApiError{
      429, "rate_limit_error",
      fmt::format("This request would exceed your organization's rate limit of {} {} per minute (model "
                  "class: {}). Wait as long as retry-after says.",
                  limit, what, model_class(model))});
}

}  // namespace

std::string model_class(std::string_view model) {
  for (const std::string_view name : {"opus", "sonnet", "haiku", "fable", "mythos"}) {
    if (model.contains(name)) return std::string(name);
  }
  return "other";
}

void RateLimiter::Bucket::refill(TimePoint now) {
  if (now > at)
    level = std::min(capacity, level + capacity * duration<double>(now - at).count() / kPeriodSeconds);
  at = std::max(at, now);
}

double RateLimiter::Bucket::seconds_until(double level_wanted) const {
  return std::max(0.0, (std::min(level_wanted, capacity) - level) * kPeriodSeconds / capacity);
}

RateLimiter::Buckets& RateLimiter::buckets_of(std::string_view model, TimePoint now) {
  const auto [found, is_new] = buckets_.try_emplace(model_class(model));
  Buckets& buckets = found->second;
  const auto make = [&](const std::optional<long long>& limit) -> std::optional<Bucket> {
    if (!limit) return std::nullopt;
    const auto capacity = static_cast<double>(*limit);
    return Bucket{capacity, capacity, now};
  };
  if (is_new) {
    buckets.requests = make(limits_.requests_per_minute);
    buckets.input = make(limits_.input_tokens_per_minute);
    buckets.output = make(limits_.output_tokens_per_minute);
  }
  for (auto* bucket : {&buckets.requests, &buckets.input, &buckets.output}) {
    if (*bucket) (*bucket)->refill(now);
  }
  return buckets;
}

void RateLimiter::add_limit_headers(const Buckets& buckets, TimePoint now, net::Headers& headers) {
  const auto reset_of = [&](const Bucket& bucket) {
    return now + ceil<seconds>(duration<double>(bucket.seconds_until(bucket.capacity)));
  };
  if (buckets.requests) {
    const Bucket& bucket = *buckets.requests;
    add(headers, "requests", static_cast<long long>(bucket.capacity),
        static_cast<long long>(std::max(0.0, bucket.level)), reset_of(bucket));
  }
  Bucket both;
  TimePoint both_reset = now;
  const std::pair<std::string_view, const std::optional<Bucket>*> token_buckets[] = {
      {"input-tokens", &buckets.input}, {"output-tokens", &buckets.output}};
  for (const auto& [name, bucket] : token_buckets) {
    if (!*bucket) continue;
    add(headers, name, static_cast<long long>((*bucket)->capacity), rounded_to_thousand((*bucket)->level),
        reset_of(**bucket));
    both.capacity += (*bucket)->capacity;
    both.level += std::max(0.0, (*bucket)->level);
    both_reset = std::max(both_reset, TimePoint(reset_of(**bucket)));
  }
  if (both.capacity > 0)
    add(headers, "tokens", static_cast<long long>(both.capacity), rounded_to_thousand(both.level),
        both_reset);
}

ApiResult<> RateLimiter::take(std::string_view model, long long input_tokens, TimePoint now,
                              net::Headers& headers) {
  Buckets& buckets = buckets_of(model, now);
  double wait_s = 0;
  ApiResult<> result;
  const auto require = [&](const std::optional<Bucket>& bucket, double amount, std::string_view what) {
    if (!bucket || bucket->level + kRounding >= amount) return;
    wait_s = std::max(wait_s, bucket->seconds_until(amount));
    if (result) result = exceeded(static_cast<long long>(bucket->capacity), what, model);
  };
  require(buckets.requests, 1, "requests");
  require(buckets.input, static_cast<double>(input_tokens), "input tokens");
  require(buckets.output, 1, "output tokens");
  if (result) {
    if (buckets.requests) buckets.requests->level -= 1;
    if (buckets.input) buckets.input->level -= static_cast<double>(input_tokens);
  } else {
    net::set_header(headers, "retry-after", std::to_string(std::max(1LL, std::llround(std::ceil(wait_s)))));
  }
  add_limit_headers(buckets, now, headers);
  return result;
}

void RateLimiter::add_output(std::string_view model, long long output_tokens, TimePoint now) {
  Buckets& buckets = buckets_of(model, now);
  if (buckets.output) buckets.output->level -= static_cast<double>(output_tokens);
}

void RateLimiter::begin_month(TimePoint now) {
  if (month_ == month_of(now)) return;
  month_ = month_of(now);
  spent_usd_ = 0;
  spent_by_workspace_usd_.clear();
}

ApiResult<> RateLimiter::check_spend(const std::string& workspace, TimePoint now) {
  begin_month(now);
  if (limits_.spend_cap_usd && spent_usd_ >= *limits_.spend_cap_usd) {
    return std::unexpected(ApiError{
        429, "rate_limit_error",
        fmt::format("Your organization has reached its usage tier's monthly spend cap. Access resumes on {}.",
                    next_month(now)),
        "enforced_spend_limit_reached"});
  }
  const auto reached = [&](std::string_view which) {
    return invalid_request(
        fmt::format("You have reached your specified {}API usage limits. You will regain access on {}.",
                    which, next_month(now)));
  };
  if (limits_.spend_limit_usd && spent_usd_ >= *limits_.spend_limit_usd) return reached("");
  const auto found = spent_by_workspace_usd_.find(workspace);
  const double of_workspace = found == spent_by_workspace_usd_.end() ? 0 : found->second;
  if (limits_.workspace_spend_limit_usd && of_workspace >= *limits_.workspace_spend_limit_usd)
    return reached("workspace ");
  return {};
}

void RateLimiter::add_spend(const std::string& workspace, double usd, TimePoint now) {
  begin_month(now);
  spent_usd_ += usd;
  spent_by_workspace_usd_[workspace] += usd;
}

void RateLimiter::clear() {
  buckets_.clear();
  spent_usd_ = 0;
  spent_by_workspace_usd_.clear();
}

double cost_usd(std::string_view model, const Usage& usage) {
  const ModelInfo* info = find_model(model);
  const double input = info == nullptr ? 5 : info->input_usd_per_mtok;
  const double output = info == nullptr ? 25 : info->output_usd_per_mtok;
  const auto short_writes =
      static_cast<double>(usage.cache_creation_input_tokens - usage.cache_creation_1h_tokens);
  const double input_units = static_cast<double>(usage.input_tokens) + kWriteFactor * short_writes +
                             kLongWriteFactor * static_cast<double>(usage.cache_creation_1h_tokens) +
                             kReadFactor * static_cast<double>(usage.cache_read_input_tokens);
  return (input_units * input + static_cast<double>(usage.output_tokens) * output) / 1e6;
}

}  // namespace awl::emulator
