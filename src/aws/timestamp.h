#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace awl::aws {

/// A point in time as AWS services and tools write it (RFC 3339): 2026-01-02T03:04:05Z, with or without a
/// fraction of a second, with Z, UTC or an offset such as +00:00. nullopt when it is anything else.
std::optional<TimePoint> parse_timestamp(std::string_view text);

}  // namespace awl::aws
