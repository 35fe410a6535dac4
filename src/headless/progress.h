// What a run is doing, in a few words for the person who waits.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "protocol/event.h"

namespace awl::headless {

class Progress {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void on_event(const protocol::Event& event, Time now);
  /// "Bash: npm test · 12 s"; empty: nothing is going on.
  std::string describe(Time now) const;

 private:
  void note_stream_event(const std::string& event_json);
  std::string activity(Time now) const;

  bool running_ = false;
  Time started_;
  std::string model_;
  std::string phase_;                         // of the model: what it is at
  std::map<std::string, std::string> tools_;  // by id: what each call that runs does
  int finished_tools_ = 0;
  std::string retry_;  // why, while a retry is waited for
  Time retry_at_;
};

/// "9 s", "2 min 5 s"
std::string describe_duration(std::chrono::steady_clock::duration duration);

}  // namespace awl::headless
