// What both encodings say the same of.
#pragma once

#include <cstdint>
#include <string_view>

namespace awl::telemetry {

/// As dashboards for Claude Code look for it.
inline constexpr std::string_view kScopeName = "com.anthropic.claude_code";
inline constexpr std::string_view kScopeVersion = "1.0.0";

inline constexpr int32_t kInfo = 9;         ///< SeverityNumber
inline constexpr int32_t kDelta = 1;        ///< AggregationTemporality
inline constexpr int32_t kCumulative = 2;   ///< AggregationTemporality
inline constexpr int32_t kInternal = 1;     ///< SpanKind
inline constexpr int32_t kStatusError = 2;  ///< StatusCode

}  // namespace awl::telemetry
