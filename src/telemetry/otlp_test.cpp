#include "telemetry/otlp.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <protozero/pbf_reader.hpp>

#include "base/encoding.h"
#include "json/json.h"

namespace awl::telemetry {
namespace {

const Attributes kResource{{"service.name", "x"}};
const LogRecord kRecord{7,
                        "claude_code.api_request",
                        {{"n", int64_t{1} << 60}, {"ok", true}, {"cost", 0.5}},
                        std::string(32, 'a'),
                        "00000000000000ff"};
const Span kSpan{
    std::string(32, '1'), std::string(16, '2'), std::string(16, '3'), "claude_code.tool", 5, 9, {}, "bad"};

// The message in a field of a message.
protozero::pbf_reader inside(protozero::pbf_reader message, std::initializer_list<uint32_t> path) {
  for (const uint32_t number : path) {
    EXPECT_TRUE(message.next(number)) << number;
    message = message.get_message();
  }
  return message;
}

TEST(OtlpTest, LogsAsJsonHaveNumbersAsStringsAndIdsInHexadecimal) {
  const auto body = json::parse(encode_logs(Encoding::kJson, kResource, {kRecord})).value();
  const json::Value& group = body["resourceLogs"][0];
  EXPECT_EQ(group["resource"]["attributes"][0]["value"]["stringValue"], "x");
  const json::Value& record = group["scopeLogs"][0]["logRecords"][0];
  EXPECT_EQ(record["timeUnixNano"], "7");
  EXPECT_EQ(record["body"]["stringValue"], "claude_code.api_request");
  EXPECT_EQ(record["attributes"][0]["value"]["intValue"], "1152921504606846976");
  EXPECT_EQ(record["attributes"][1]["value"]["boolValue"], true);
  EXPECT_EQ(record["attributes"][2]["value"]["doubleValue"], 0.5);
  EXPECT_EQ(record["traceId"], std::string(32, 'a'));
}

TEST(OtlpTest, LogsAsProtobufHaveTheNumbersOfTheSchema) {
  const std::string bytes = encode_logs(Encoding::kProtobuf, kResource, {kRecord});
  auto record = inside(protozero::pbf_reader(bytes), {1, 2, 2});
  std::string body;
  std::string trace;
  std::vector<std::string> keys;
  int64_t integer = 0;
  while (record.next()) {
    switch (record.tag()) {
      case 1:
        EXPECT_EQ(record.get_fixed64(), 7U);
        break;
      case 5:
        body = inside(record.get_message(), {}).next(1) ? "there" : "";
        break;
      case 6: {
        auto pair = record.get_message();
        ASSERT_TRUE(pair.next(1));
        keys.push_back(pair.get_string());
        ASSERT_TRUE(pair.next(2));
        auto value = pair.get_message();
        if (value.next(3)) integer = value.get_int64();
        break;
      }
      case 9:
        trace = to_hex(record.get_bytes());
        break;
      default:
        record.skip();
    }
  }
  EXPECT_EQ(body, "there");
  EXPECT_EQ(trace, std::string(32, 'a'));
  EXPECT_EQ(keys, (std::vector<std::string>{"n", "ok", "cost"}));
  EXPECT_EQ(integer, int64_t{1} << 60);
}

TEST(OtlpTest, MetricsAreSumsWithTheirTemporality) {
  const Metric metric{"claude_code.cost.usage", "USD", {{{{"model", "m"}}, 0.5}}, 1, 2, false};
  const auto body = json::parse(encode_metrics(Encoding::kJson, kResource, {metric})).value();
  const json::Value& told = body["resourceMetrics"][0]["scopeMetrics"][0]["metrics"][0];
  EXPECT_EQ(told["unit"], "USD");
  EXPECT_EQ(told["sum"]["aggregationTemporality"], 1);
  EXPECT_EQ(told["sum"]["dataPoints"][0]["asDouble"], 0.5);
  const std::string bytes = encode_metrics(Encoding::kProtobuf, kResource, {metric});
  auto sum = inside(protozero::pbf_reader(bytes), {1, 2, 2, 7});
  ASSERT_TRUE(sum.next(1));
  auto point = sum.get_message();
  ASSERT_TRUE(point.next(2));
  EXPECT_EQ(point.get_fixed64(), 1U);
  ASSERT_TRUE(point.next(4));
  EXPECT_EQ(point.get_double(), 0.5);
  ASSERT_TRUE(sum.next(2));
  EXPECT_EQ(sum.get_enum(), 1);
}

TEST(OtlpTest, SpansKnowTheirParentAndTheirError) {
  const auto body = json::parse(encode_spans(Encoding::kJson, kResource, {kSpan})).value();
  const json::Value& span = body["resourceSpans"][0]["scopeSpans"][0]["spans"][0];
  EXPECT_EQ(span["parentSpanId"], std::string(16, '3'));
  EXPECT_EQ(span["status"]["code"], 2);
  const std::string bytes = encode_spans(Encoding::kProtobuf, kResource, {kSpan});
  auto told = inside(protozero::pbf_reader(bytes), {1, 2, 2});
  ASSERT_TRUE(told.next(4));
  EXPECT_EQ(to_hex(told.get_bytes()), std::string(16, '3'));
  ASSERT_TRUE(told.next(15));
  auto status = told.get_message();
  ASSERT_TRUE(status.next(2));
  EXPECT_EQ(status.get_string(), "bad");
}

}  // namespace
}  // namespace awl::telemetry
