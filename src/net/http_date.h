// Dates in HTTP headers. Source: RFC 9110, section 5.6.7.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace awl::net {

/// "Sun, 06 Nov 1994 08:49:37 GMT"; the two obsolete forms are not read. nullopt when it is anything else.
std::optional<TimePoint> parse_http_date(std::string_view text);
/// The same form; parts of a second are dropped.
std::string format_http_date(TimePoint time);

}  // namespace awl::net
