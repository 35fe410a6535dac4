// What is exported, as OpenTelemetry models it, and its two encodings of OTLP over HTTP. Source:
// opentelemetry-proto (logs, metrics, trace), specification "OTLP", "Protobuf JSON mapping".
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace awl::telemetry {

using Value = std::variant<std::string, int64_t, double, bool>;
using Attributes = std::vector<std::pair<std::string, Value>>;

/// Times are nanoseconds since the epoch; ids of traces and spans are hexadecimal, 32 and 16 digits, and
/// empty when there is none.
struct LogRecord {
  int64_t time = 0;
  std::string body;
  Attributes attributes;
  std::string trace_id = {};
  std::string span_id = {};
};

struct DataPoint {
  Attributes attributes;
  Value value;  ///< int64_t or double
};

/// A counter.
struct Metric {
  std::string name;
  std::string unit;  ///< empty: a count
  std::vector<DataPoint> points;
  int64_t start = 0;
  int64_t time = 0;
  bool cumulative = false;  ///< since the start of the process; else since the export before
};

struct Span {
  std::string trace_id;
  std::string span_id;
  std::string parent_id;
  std::string name;
  int64_t start = 0;
  int64_t end = 0;
  Attributes attributes;
  std::string error;  ///< not empty: its status is ERROR
};

enum class Encoding { kJson, kProtobuf };

/// The bodies of export requests. `resource`: the attributes of what sends them.
std::string encode_logs(Encoding encoding, const Attributes& resource, const std::vector<LogRecord>& records);
std::string encode_metrics(Encoding encoding, const Attributes& resource, const std::vector<Metric>& metrics);
std::string encode_spans(Encoding encoding, const Attributes& resource, const std::vector<Span>& spans);

}  // namespace awl::telemetry
