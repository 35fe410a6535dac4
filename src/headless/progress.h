// What a run is doing, in a few words for the person who waits.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "protocol/event.h"

namespace awl::headless {

/// `what` may be cut to fit a terminal; `tail` is always shown.
struct ProgressText {
  std::string what;
  std::string tail;
  friend bool operator==(const ProgressText&, const ProgressText&) = default;
};

class Progress {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void on_event(const protocol::Event& event, Time now);
  /// "Bash: npm test" and " · 12 s"; both empty: nothing is going on.
  ProgressText describe(Time now) const;

 private:
  void note_stream_event(const std::string& event_json);
  std::string activity(Time now) const;

  bool running_ = false;
  Time started_;
  std::string model_;
  std::string phase_;                         // of the model: what it is at
  std::map<std::string, std::string> tools_;  // by id: what each call that runs does
  int finished_tools_ = 0;
  std::string retry_;  // which, while one is waited for; else empty
  std::string retry_reason_;
  Time retry_at_;
};

}  // namespace awl::headless
