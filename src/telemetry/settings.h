// What is exported and where to, from the documented variables. Source: product documentation,
// "monitoring-usage"; OpenTelemetry specification, "OTLP Exporter", "SDK environment variables".
#pragma once

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "base/environment.h"
#include "net/http.h"
#include "telemetry/otlp.h"

namespace awl::telemetry {

enum class Signal { kMetrics, kLogs, kTraces };

/// Where one signal goes.
struct Target {
  bool console = false;  ///< standard error
  bool otlp = false;
  Encoding encoding = Encoding::kProtobuf;
  std::string url;
  net::Headers headers;
  std::chrono::milliseconds interval{};
  bool is_on() const { return console || otlp; }
};

/// What may be told in words, beside numbers and names.
struct ContentGates {
  bool prompts = false;       ///< OTEL_LOG_USER_PROMPTS
  bool responses = false;     ///< OTEL_LOG_ASSISTANT_RESPONSES
  bool details = false;       ///< OTEL_LOG_TOOL_DETAILS
  bool content = false;       ///< OTEL_LOG_TOOL_CONTENT, in spans
  size_t max_bytes = 61'440;  ///< CLAUDE_CODE_OTEL_CONTENT_MAX_LENGTH
};

struct Settings {
  Target metrics;
  Target logs;
  Target traces;
  ContentGates gates;
  bool cumulative = false;
  bool include_session = true;
  bool include_version = false;
  bool include_entry_point = false;
  bool include_resource = true;
  Attributes custom;      ///< OTEL_RESOURCE_ATTRIBUTES
  std::string trace_id;   ///< of the program that started this run (TRACEPARENT); empty: none
  std::string parent_id;  ///< its span
  std::chrono::milliseconds shutdown_limit{2'000};
  std::chrono::milliseconds helper_interval{1'740'000};
  bool is_on() const { return metrics.is_on() || logs.is_on() || traces.is_on(); }
};

/// Nothing is on without CLAUDE_CODE_ENABLE_TELEMETRY. `reads_parent`: TRACEPARENT counts. What cannot be
/// done gets a sentence in `problems`; that part is off.
Settings read_settings(const Environment& environment, bool reads_parent, std::vector<std::string>& problems);

/// What the person set beside variables that the organisation set (`managed`) and would take telemetry, or
/// its credentials, somewhere else is removed; gives the names.
std::vector<std::string> lock_destination(const std::set<std::string>& managed, Environment& environment);

}  // namespace awl::telemetry
