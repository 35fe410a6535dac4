// OTLP as protobuf.
#pragma once

#include "telemetry/otlp.h"

namespace awl::telemetry {

std::string protobuf_of_logs(const Attributes& resource, const std::vector<LogRecord>& records);
std::string protobuf_of_metrics(const Attributes& resource, const std::vector<Metric>& metrics);
std::string protobuf_of_spans(const Attributes& resource, const std::vector<Span>& spans);

}  // namespace awl::telemetry
