#include "emulator/fault.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/strings.h"
#include "emulator/contains.h"

namespace awl::emulator {

namespace {

using Kind = Fault::Kind;
using std::chrono::milliseconds;

constexpr long long kMaxCount = 1'000'000'000;
constexpr long long kMaxDelayMs = 3'600'000;

struct Effect {
  std::string_view name;
  Kind kind;
  bool has_count;  ///< takes a number of events
};

constexpr std::array kEffects = {
    Effect{"html", Kind::kHtml, false},
    Effect{"empty-body", Kind::kEmptyBody, false},
    Effect{"wrong-type", Kind::kWrongType, false},
    Effect{"reset", Kind::kReset, false},
    Effect{"expire-credentials", Kind::kExpireCredentials, false},
    Effect{"cut-after", Kind::kCut, true},
    Effect{"reset-after", Kind::kResetAfter, true},
    Effect{"stall-after", Kind::kStall, true},
    Effect{"malformed-after", Kind::kMalformed, true},
    Effect{"error-after", Kind::kErrorEvent, true},
};

constexpr std::string_view kHint =
    "Effects: status=N, html, empty-body, wrong-type, reset, cut-after=N, reset-after=N, stall-after=N, "
    "malformed-after=N, error-after=N, expire-credentials, delay=MS; with type=, message=, retry-after=, "
    "for=MS. "
    "Requests: every=N, after=N, times=N, probability=P, route=, model=.";

std::unexpected<Error> wrong(std::string_view part, std::string_view what) {
  return fail(ErrorKind::kInvalidInput, fmt::format("fault \"{}\": expected {}", part, what),
              std::string(kHint));
}

class Parser {
 public:
  Result<FaultRule> parse(std::string_view text, bool with_requests) {
    rule_.text = std::string(text);
    for (const std::string_view part : split(text, ',')) {
      const std::string_view trimmed = trim(part);
      const size_t equals = trimmed.find('=');
      const bool has_value = equals != std::string_view::npos;
      part_ = trimmed;
      name_ = trimmed.substr(0, equals);
      value_ = has_value ? trimmed.substr(equals + 1) : std::string_view();
      has_value_ = has_value;
      AWL_TRY(const bool is_effect, take_effect());
      if (is_effect) continue;
      AWL_TRY(const bool is_detail, take_detail());
      if (is_detail) continue;
      AWL_TRY(const bool is_choice, take_choice());
      if (!is_choice)
        return wrong(part_, "a name such as status, cut-after or every (docs/emulator.md lists them)");
      if (!with_requests) return wrong(part_, "no choice of requests in a step");
    }
    return finish();
  }

 private:
  Result<bool> take_effect() {
    if (name_ == "status") {
      AWL_TRY(const long long status, number(400, 599));
      AWL_CHECK(set_kind(Kind::kStatus));
      rule_.fault.status = static_cast<int>(status);
      return true;
    }
    const auto found = std::ranges::find(kEffects, name_, &Effect::name);
    if (found == kEffects.end()) return false;
    if (found->has_count) {
      AWL_TRY(const long long count, number(0, kMaxCount));
      rule_.fault.after_events = static_cast<size_t>(count);
    } else if (has_value_) {
      return wrong(part_, "no value");
    }
    AWL_CHECK(set_kind(found->kind));
    return true;
  }

  /// One effect a fault, but a page of HTML may come with a status of its own.
  Result<> set_kind(Kind kind) {
    const bool is_html_status = (kind == Kind::kStatus && rule_.fault.kind == Kind::kHtml) ||
                                (kind == Kind::kHtml && rule_.fault.kind == Kind::kStatus);
    if (is_html_status) {
      rule_.fault.kind = Kind::kHtml;
      return {};
    }
    if (rule_.fault.kind != Kind::kNone)
      return wrong(part_, "one effect alone; give another --fault for a second");
    rule_.fault.kind = kind;
    return {};
  }

  Result<bool> take_detail() {
    Fault& fault = rule_.fault;
    if (name_ == "delay" || name_ == "for") {
      AWL_TRY(const long long ms, number(0, kMaxDelayMs));
      (name_ == "delay" ? fault.delay : fault.hold) = milliseconds(ms);
    } else if (name_ == "type") {
      fault.error_type = std::string(value_);
    } else if (name_ == "message") {
      fault.message = std::string(value_);
    } else if (name_ == "retry-after") {
      AWL_TRY(const long long seconds, number(0, kMaxCount));
      fault.retry_after = std::to_string(seconds);
    } else {
      return false;
    }
    has_delay_ = has_delay_ || name_ == "delay";
    return true;
  }

  Result<bool> take_choice() {
    if (name_ == "every" || name_ == "after" || name_ == "times") {
      AWL_TRY(const long long count, number(name_ == "after" ? 0 : 1, kMaxCount));
      const auto value = static_cast<size_t>(count);
      if (name_ == "every") rule_.every = value;
      if (name_ == "after") rule_.after = value;
      if (name_ == "times") rule_.times = value;
    } else if (name_ == "probability") {
      const auto [end, error] =
          std::from_chars(value_.data(), value_.data() + value_.size(), rule_.probability);
      const bool ok = error == std::errc() && end == value_.data() + value_.size();
      if (!ok || !(rule_.probability >= 0 && rule_.probability <= 1))
        return wrong(part_, "a number from 0 to 1");
    } else if (name_ == "route") {
      constexpr std::array<std::string_view, 3> kRoutes = {"messages", "count_tokens", "models"};
      if (!contains(kRoutes, value_))
        return wrong(part_, "route=messages, route=count_tokens or route=models");
      rule_.route = std::string(value_);
    } else if (name_ == "model") {
      rule_.model = std::string(value_);
    } else {
      return false;
    }
    return true;
  }

  Result<long long> number(long long low, long long high) const {
    const auto value = parse_integer(value_);
    if (!value || *value < low || *value > high)
      return wrong(part_, fmt::format("{}= and a whole number from {} to {}", name_, low, high));
    return *value;
  }

  Result<FaultRule> finish() {
    Fault& fault = rule_.fault;
    if (fault.kind == Kind::kNone && !has_delay_) return wrong(rule_.text, "an effect");
    if (fault.kind == Kind::kHtml && fault.status == 0) fault.status = 502;
    return rule_;
  }

  FaultRule rule_;
  bool has_delay_ = false;
  std::string_view part_;
  std::string_view name_;
  std::string_view value_;
  bool has_value_ = false;
};

/// splitmix64: the same numbers on every machine.
double next_random(uint64_t& state) {
  state += 0x9e3779b97f4a7c15U;
  uint64_t z = state;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  z ^= z >> 31U;
  return static_cast<double>(z >> 11U) * 0x1.0p-53;
}

}  // namespace

Result<FaultRule> parse_fault_rule(std::string_view text) { return Parser().parse(text, true); }

Result<Fault> parse_fault(std::string_view text) {
  AWL_TRY(FaultRule rule, Parser().parse(text, false));
  return std::move(rule.fault);
}

FaultPlan::FaultPlan(std::vector<FaultRule> rules, uint64_t seed) {
  for (FaultRule& rule : rules) rules_.push_back({std::move(rule), 0, 0, seed * 1'000'003 + rules_.size()});
}

bool FaultPlan::has_turn(Counted& counted) {
  const FaultRule& rule = counted.rule;
  ++counted.seen;
  if (counted.seen <= rule.after || (counted.seen - rule.after) % rule.every != 0) return false;
  if (rule.times && counted.used >= *rule.times) return false;
  if (rule.probability < 1 && next_random(counted.random_state) >= rule.probability) return false;
  ++counted.used;
  return true;
}

std::optional<Fault> FaultPlan::next(std::string_view route, std::string_view model) {
  std::optional<Fault> chosen;
  for (Counted& counted : rules_) {
    const FaultRule& rule = counted.rule;
    const bool is_about = (rule.route.empty() || rule.route == route) && model.contains(rule.model);
    // Later rules count the request too, so that each keeps its own rhythm.
    if (is_about && has_turn(counted) && !chosen) chosen = rule.fault;
  }
  return chosen;
}

std::vector<std::string> FaultPlan::texts() const {
  std::vector<std::string> texts;
  for (const Counted& counted : rules_) texts.push_back(counted.rule.text);
  return texts;
}

}  // namespace awl::emulator
