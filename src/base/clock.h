// Wall-clock time as a dependency, so that signatures, expiry and caches can be tested at any date.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace awl {

using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;
/// Gives "now". Production code gets system_clock_now.
using Clock = std::function<TimePoint()>;

TimePoint system_clock_now();
/// 2026-01-02T03:04:05.678Z
std::string format_iso8601(TimePoint time);
/// 20260102T030405Z, as SigV4 writes it.
std::string format_amz_date(TimePoint time);

}  // namespace awl
