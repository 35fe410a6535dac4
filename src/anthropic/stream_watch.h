// Notices that a stream went silent. Source: product documentation, "Streaming idle watchdogs".
#pragma once

#include <chrono>
#include <optional>

namespace awl::anthropic {

/// How long a stream may be silent; zero: as long as it likes.
struct IdleLimits {
  std::chrono::milliseconds bytes{300'000};   ///< without a byte; keep-alive pings are bytes
  std::chrono::milliseconds events{300'000};  ///< without an event of the answer; pings are none
};

/// Two timers. While the one for bytes runs, bytes also hold back the one for events, but for no longer than
/// kPingGrace after the last event. Times are given, not taken.
class StreamWatch {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::minutes kPingGrace{5};

  StreamWatch(IdleLimits limits, TimePoint now) : limits_(limits), last_bytes_(now), last_event_(now) {}

  void on_bytes(TimePoint now, bool held_event) {
    last_bytes_ = now;
    if (held_event) last_event_ = now;
  }
  /// When the stream counts as stalled; nullopt: never.
  std::optional<TimePoint> deadline() const;

 private:
  IdleLimits limits_;
  TimePoint last_bytes_;
  TimePoint last_event_;
};

}  // namespace awl::anthropic
