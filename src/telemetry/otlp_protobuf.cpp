#include "telemetry/otlp_protobuf.h"

#include <charconv>
#include <functional>
#include <protozero/pbf_writer.hpp>

#include "telemetry/scope.h"

namespace awl::telemetry {

namespace {

using protozero::pbf_writer;

// The numbers of the fields, by message. The first two levels of all three requests are alike.
namespace field {
constexpr uint32_t kResources = 1, kResource = 1, kScopes = 2, kScope = 1, kItems = 2;
constexpr uint32_t kResourceAttributes = 1, kScopeName = 1, kScopeVersion = 2;
constexpr uint32_t kKey = 1, kValue = 2;
constexpr uint32_t kString = 1, kBool = 2, kInt = 3, kDouble = 4;
namespace log {
constexpr uint32_t kTime = 1, kSeverity = 2, kSeverityText = 3, kBody = 5, kAttributes = 6, kTraceId = 9,
                   kSpanId = 10, kObservedTime = 11;
}
namespace metric {
constexpr uint32_t kName = 1, kUnit = 3, kSum = 7;
constexpr uint32_t kPoints = 1, kTemporality = 2, kMonotonic = 3;
constexpr uint32_t kStart = 2, kTime = 3, kAsDouble = 4, kAsInt = 6, kAttributes = 7;
}  // namespace metric
namespace span {
constexpr uint32_t kTraceId = 1, kSpanId = 2, kParentId = 4, kName = 5, kKind = 6, kStart = 7, kEnd = 8,
                   kAttributes = 9, kStatus = 15;
constexpr uint32_t kMessage = 2, kCode = 3;
}  // namespace span
}  // namespace field

void add_attributes(pbf_writer& to, uint32_t number, const Attributes& attributes) {
  for (const auto& [key, value] : attributes) {
    pbf_writer pair(to, number);
    pair.add_string(field::kKey, key);
    pbf_writer any(pair, field::kValue);
    if (const auto* text = std::get_if<std::string>(&value)) any.add_string(field::kString, *text);
    if (const auto* truth = std::get_if<bool>(&value)) any.add_bool(field::kBool, *truth);
    if (const auto* integer = std::get_if<int64_t>(&value)) any.add_int64(field::kInt, *integer);
    if (const auto* real = std::get_if<double>(&value)) any.add_double(field::kDouble, *real);
  }
}

std::string request_bytes(const Attributes& resource, const std::function<void(pbf_writer&)>& add_items) {
  std::string bytes;
  pbf_writer request(bytes);
  pbf_writer resources(request, field::kResources);
  {
    pbf_writer described(resources, field::kResource);
    add_attributes(described, field::kResourceAttributes, resource);
  }
  pbf_writer scopes(resources, field::kScopes);
  {
    pbf_writer scope(scopes, field::kScope);
    scope.add_string(field::kScopeName, kScopeName.data(), kScopeName.size());
    scope.add_string(field::kScopeVersion, kScopeVersion.data(), kScopeVersion.size());
  }
  add_items(scopes);
  // Lengths are written as the writers end.
  scopes.commit();
  resources.commit();
  return bytes;
}

// `hex` is one of ours.
std::string id_bytes(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned value = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
    bytes.push_back(static_cast<char>(value));
  }
  return bytes;
}

void add_point(pbf_writer& sum, const DataPoint& point, const Metric& metric) {
  pbf_writer made(sum, field::metric::kPoints);
  made.add_fixed64(field::metric::kStart, static_cast<uint64_t>(metric.start));
  made.add_fixed64(field::metric::kTime, static_cast<uint64_t>(metric.time));
  if (const auto* real = std::get_if<double>(&point.value)) made.add_double(field::metric::kAsDouble, *real);
  if (const auto* integer = std::get_if<int64_t>(&point.value))
    made.add_sfixed64(field::metric::kAsInt, *integer);
  add_attributes(made, field::metric::kAttributes, point.attributes);
}

}  // namespace

std::string protobuf_of_logs(const Attributes& resource, const std::vector<LogRecord>& records) {
  return request_bytes(resource, [&records](pbf_writer& scopes) {
    for (const LogRecord& record : records) {
      pbf_writer made(scopes, field::kItems);
      made.add_fixed64(field::log::kTime, static_cast<uint64_t>(record.time));
      made.add_enum(field::log::kSeverity, kInfo);
      made.add_string(field::log::kSeverityText, "INFO");
      {
        pbf_writer body(made, field::log::kBody);
        body.add_string(field::kString, record.body);
      }
      add_attributes(made, field::log::kAttributes, record.attributes);
      if (!record.trace_id.empty()) {
        made.add_bytes(field::log::kTraceId, id_bytes(record.trace_id));
        made.add_bytes(field::log::kSpanId, id_bytes(record.span_id));
      }
      made.add_fixed64(field::log::kObservedTime, static_cast<uint64_t>(record.time));
    }
  });
}

std::string protobuf_of_metrics(const Attributes& resource, const std::vector<Metric>& metrics) {
  return request_bytes(resource, [&metrics](pbf_writer& scopes) {
    for (const Metric& metric : metrics) {
      pbf_writer made(scopes, field::kItems);
      made.add_string(field::metric::kName, metric.name);
      made.add_string(field::metric::kUnit, metric.unit);
      pbf_writer sum(made, field::metric::kSum);
      for (const DataPoint& point : metric.points) add_point(sum, point, metric);
      sum.add_enum(field::metric::kTemporality, metric.cumulative ? kCumulative : kDelta);
      sum.add_bool(field::metric::kMonotonic, true);
    }
  });
}

std::string protobuf_of_spans(const Attributes& resource, const std::vector<Span>& spans) {
  return request_bytes(resource, [&spans](pbf_writer& scopes) {
    for (const Span& span : spans) {
      pbf_writer made(scopes, field::kItems);
      made.add_bytes(field::span::kTraceId, id_bytes(span.trace_id));
      made.add_bytes(field::span::kSpanId, id_bytes(span.span_id));
      if (!span.parent_id.empty()) made.add_bytes(field::span::kParentId, id_bytes(span.parent_id));
      made.add_string(field::span::kName, span.name);
      made.add_enum(field::span::kKind, kInternal);
      made.add_fixed64(field::span::kStart, static_cast<uint64_t>(span.start));
      made.add_fixed64(field::span::kEnd, static_cast<uint64_t>(span.end));
      add_attributes(made, field::span::kAttributes, span.attributes);
      pbf_writer status(made, field::span::kStatus);
      if (span.error.empty()) continue;
      status.add_string(field::span::kMessage, span.error);
      status.add_enum(field::span::kCode, kStatusError);
    }
  });
}

}  // namespace awl::telemetry
