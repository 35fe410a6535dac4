// Faults on demand: what goes wrong, and with which requests. The notation is described in docs/emulator.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace awl::emulator {

/// What goes wrong with one answer.
struct Fault {
  enum class Kind {
    kNone,              ///< nothing but the delay
    kStatus,            ///< an error response
    kHtml,              ///< a page of a proxy in place of JSON
    kEmptyBody,         ///< a status and headers, and no body
    kWrongType,         ///< text/plain in place of the content type
    kReset,             ///< the connection is reset before any answer
    kCut,               ///< it is closed after some events
    kResetAfter,        ///< it is reset after some events
    kStall,             ///< nothing more comes after some events
    kMalformed,         ///< an event that is no JSON after some events
    kErrorEvent,        ///< an error event after some events, and the end
    kExpireCredentials  ///< the access key of this request has expired, from now on
  };
  Kind kind = Kind::kNone;
  std::chrono::milliseconds delay{0};  ///< before the answer begins
  int status = 0;                      ///< kStatus, kHtml
  std::string error_type;              ///< kStatus, kErrorEvent; empty: by the status, overloaded_error
  std::string message;
  std::string retry_after;  ///< kStatus: seconds
  size_t after_events = 0;  ///< of a body that is no stream: half of it, whatever the number
  std::chrono::milliseconds hold{3'600'000};  ///< kStall: for so long, then the connection is closed
};

/// A fault and the requests that it befalls.
struct FaultRule {
  Fault fault;
  size_t every = 1;  ///< of the requests that the rule is about
  size_t after = 0;  ///< the first so many are spared
  std::optional<size_t> times;
  double probability = 1;
  std::string route;  ///< "messages", "count_tokens", "models"; empty: all
  std::string model;  ///< a part of the model's name; empty: all
  std::string text;   ///< as it was given
};

/// "status=529,every=3". Errors: kInvalidInput, naming the part that is wrong.
Result<FaultRule> parse_fault_rule(std::string_view text);
/// The same without a choice of requests, for a step of a scenario.
Result<Fault> parse_fault(std::string_view text);

/// The rules in force. The same seed and requests give the same faults.
class FaultPlan {
 public:
  explicit FaultPlan(std::vector<FaultRule> rules = {}, uint64_t seed = 1);
  /// What befalls the next request: of the first rule that has its turn.
  std::optional<Fault> next(std::string_view route, std::string_view model);
  /// The rules as they were given.
  std::vector<std::string> texts() const;

 private:
  struct Counted {
    FaultRule rule;
    size_t seen = 0;
    size_t used = 0;
    uint64_t random_state = 0;
  };
  static bool has_turn(Counted& counted);
  std::vector<Counted> rules_;
};

}  // namespace awl::emulator
