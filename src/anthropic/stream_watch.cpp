#include "anthropic/stream_watch.h"

#include <algorithm>

namespace awl::anthropic {

std::optional<StreamWatch::TimePoint> StreamWatch::deadline() const {
  const bool watches_bytes = limits_.bytes.count() > 0;
  std::optional<TimePoint> deadline;
  if (watches_bytes) deadline = last_bytes_ + limits_.bytes;
  if (limits_.events.count() > 0) {
    const TimePoint from =
        watches_bytes ? std::max(last_event_, std::min(last_bytes_, last_event_ + kPingGrace)) : last_event_;
    const TimePoint events_deadline = from + limits_.events;
    deadline = deadline ? std::min(*deadline, events_deadline) : events_deadline;
  }
  return deadline;
}

}  // namespace awl::anthropic
