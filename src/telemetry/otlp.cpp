#include "telemetry/otlp.h"

#include "telemetry/otlp_json.h"
#include "telemetry/otlp_protobuf.h"

namespace awl::telemetry {

std::string encode_logs(Encoding encoding, const Attributes& resource,
                        const std::vector<LogRecord>& records) {
  return encoding == Encoding::kJson ? json_of_logs(resource, records) : protobuf_of_logs(resource, records);
}

std::string encode_metrics(Encoding encoding, const Attributes& resource,
                           const std::vector<Metric>& metrics) {
  return encoding == Encoding::kJson ? json_of_metrics(resource, metrics)
                                     : protobuf_of_metrics(resource, metrics);
}

std::string encode_spans(Encoding encoding, const Attributes& resource, const std::vector<Span>& spans) {
  return encoding == Encoding::kJson ? json_of_spans(resource, spans) : protobuf_of_spans(resource, spans);
}

}  // namespace awl::telemetry
