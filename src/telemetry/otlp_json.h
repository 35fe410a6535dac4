// OTLP as JSON.
#pragma once

#include "telemetry/otlp.h"

namespace awl::telemetry {

std::string json_of_logs(const Attributes& resource, const std::vector<LogRecord>& records);
std::string json_of_metrics(const Attributes& resource, const std::vector<Metric>& metrics);
std::string json_of_spans(const Attributes& resource, const std::vector<Span>& spans);

}  // namespace awl::telemetry
