#include "telemetry/otlp_json.h"

#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "json/json.h"
#include "telemetry/scope.h"

namespace awl::telemetry {

namespace {

// 64-bit integers are strings.
json::Value value_json(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return {{"stringValue", *text}};
  if (const auto* number = std::get_if<int64_t>(&value)) return {{"intValue", std::to_string(*number)}};
  if (const auto* number = std::get_if<double>(&value)) return {{"doubleValue", *number}};
  return {{"boolValue", std::get<bool>(value)}};
}

json::Value attributes_json(const Attributes& attributes) {
  json::Value list = json::Value::array();
  for (const auto& [key, value] : attributes) list.push_back({{"key", key}, {"value", value_json(value)}});
  return list;
}

// {resource…: [{resource, scope…: [{scope, items}]}]}
std::string request_json(const char* resources, const char* scopes, const char* items,
                         const Attributes& resource, json::Value list) {
  json::Value scope{{"scope", {{"name", kScopeName}, {"version", kScopeVersion}}}, {items, std::move(list)}};
  json::Value one{{"resource", {{"attributes", attributes_json(resource)}}},
                  {scopes, json::Value::array({std::move(scope)})}};
  return json::dump({{resources, json::Value::array({std::move(one)})}});
}

json::Value point_json(const DataPoint& point, const Metric& metric) {
  json::Value made{{"attributes", attributes_json(point.attributes)},
                   {"startTimeUnixNano", std::to_string(metric.start)},
                   {"timeUnixNano", std::to_string(metric.time)}};
  if (const auto* number = std::get_if<int64_t>(&point.value))
    made["asInt"] = std::to_string(*number);
  else
    made["asDouble"] = std::get<double>(point.value);
  return made;
}

}  // namespace

std::string json_of_logs(const Attributes& resource, const std::vector<LogRecord>& records) {
  json::Value list = json::Value::array();
  for (const LogRecord& record : records) {
    json::Value made{{"timeUnixNano", std::to_string(record.time)},
                     {"observedTimeUnixNano", std::to_string(record.time)},
                     {"severityNumber", kInfo},
                     {"severityText", "INFO"},
                     {"body", {{"stringValue", record.body}}},
                     {"attributes", attributes_json(record.attributes)}};
    if (!record.trace_id.empty()) made.update({{"traceId", record.trace_id}, {"spanId", record.span_id}});
    list.push_back(std::move(made));
  }
  return request_json("resourceLogs", "scopeLogs", "logRecords", resource, std::move(list));
}

std::string json_of_metrics(const Attributes& resource, const std::vector<Metric>& metrics) {
  json::Value list = json::Value::array();
  for (const Metric& metric : metrics) {
    json::Value points = json::Value::array();
    for (const DataPoint& point : metric.points) points.push_back(point_json(point, metric));
    list.push_back({{"name", metric.name},
                    {"unit", metric.unit},
                    {"sum",
                     {{"dataPoints", std::move(points)},
                      {"aggregationTemporality", metric.cumulative ? kCumulative : kDelta},
                      {"isMonotonic", true}}}});
  }
  return request_json("resourceMetrics", "scopeMetrics", "metrics", resource, std::move(list));
}

std::string json_of_spans(const Attributes& resource, const std::vector<Span>& spans) {
  json::Value list = json::Value::array();
  for (const Span& span : spans) {
    json::Value made{{"traceId", span.trace_id},
                     {"spanId", span.span_id},
                     {"name", span.name},
                     {"kind", kInternal},
                     {"startTimeUnixNano", std::to_string(span.start)},
                     {"endTimeUnixNano", std::to_string(span.end)},
                     {"attributes", attributes_json(span.attributes)},
                     {"status", json::Value::object()}};
    if (!span.parent_id.empty()) made["parentSpanId"] = span.parent_id;
    if (!span.error.empty()) made["status"] = {{"code", kStatusError}, {"message", span.error}};
    list.push_back(std::move(made));
  }
  return request_json("resourceSpans", "scopeSpans", "spans", resource, std::move(list));
}

}  // namespace awl::telemetry
