// Rate limits per model class, as token buckets, and monthly spend limits.
// Source: platform docs, "Rate limits".
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "emulator/api_error.h"
#include "emulator/message.h"
#include "net/http.h"

namespace awl::emulator {

struct Limits {
  std::optional<long long> requests_per_minute;
  std::optional<long long> input_tokens_per_minute;
  std::optional<long long> output_tokens_per_minute;
  std::optional<double> spend_limit_usd;            ///< the organization's own limit
  std::optional<double> workspace_spend_limit_usd;  ///< for each workspace
  std::optional<double> spend_cap_usd;              ///< of the usage tier
};

/// Models of one class share their limits: "claude-opus-4-7" is of "opus".
std::string model_class(std::string_view model);

class RateLimiter {
 public:
  explicit RateLimiter(Limits limits) : limits_(limits) {}

  /// Takes one request and its uncached input tokens; nothing when it is refused. `headers` receives the
  /// headers of the response either way. Errors: 429, retry-after among the headers.
  ApiResult<> take(std::string_view model, long long input_tokens, TimePoint now, net::Headers& headers);
  /// What the answer took; can leave a debt.
  void add_output(std::string_view model, long long output_tokens, TimePoint now);

  /// Errors: 400 when an own limit is reached, 429 when it is the tier's cap.
  ApiResult<> check_spend(const std::string& workspace, TimePoint now);
  void add_spend(const std::string& workspace, double usd, TimePoint now);

  void clear();

 private:
  struct Bucket {
    double capacity = 0;
    double level = 0;
    TimePoint at{};
    void refill(TimePoint now);
    double seconds_until(double level_wanted) const;
  };
  struct Buckets {
    std::optional<Bucket> requests;
    std::optional<Bucket> input;
    std::optional<Bucket> output;
  };

  Buckets& buckets_of(std::string_view model, TimePoint now);
  static void add_limit_headers(const Buckets& buckets, TimePoint now, net::Headers& headers);
  void begin_month(TimePoint now);

  Limits limits_;
  std::map<std::string, Buckets> buckets_;
  std::chrono::year_month month_{};
  double spent_usd_ = 0;
  std::map<std::string, double> spent_by_workspace_usd_;
};

/// The price of an answer at the list prices of the model.
double cost_usd(std::string_view model, const Usage& usage);

}  // namespace awl::emulator
