#include "telemetry/settings.h"

#include <gmock/gmock.h>

namespace awl::telemetry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class TelemetrySettingsTest : public ::testing::Test {
 protected:
  Settings read(std::map<std::string, std::string, std::less<>> values, bool reads_parent = true) {
    problems_.clear();
    return read_settings(Environment(std::move(values)), reads_parent, problems_);
  }
  std::vector<std::string> problems_;
};

TEST_F(TelemetrySettingsTest, NothingIsOnUnlessItIsAskedFor) {
  EXPECT_FALSE(
      read({{"OTEL_METRICS_EXPORTER", "otlp"}, {"OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"}}).is_on());
  EXPECT_FALSE(read({{"CLAUDE_CODE_ENABLE_TELEMETRY", "1"}}).is_on());
  const auto settings = read({{"CLAUDE_CODE_ENABLE_TELEMETRY", "1"}, {"OTEL_TRACES_EXPORTER", "console"}});
  EXPECT_FALSE(settings.is_on()) << "spans need a switch of their own";
  EXPECT_THAT(problems_, IsEmpty());
}

TEST_F(TelemetrySettingsTest, TheCommonEndpointGetsThePathOfTheSignalAndAnOwnOneIsTakenAsItIs) {
  const auto settings = read({{"CLAUDE_CODE_ENABLE_TELEMETRY", "1"},
                              {"OTEL_METRICS_EXPORTER", "console,otlp"},
                              {"OTEL_LOGS_EXPORTER", "otlp"},
                              {"OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"},
                              {"OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "http/json"},
                              {"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c.example:4318/"},
                              {"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://logs.example/in"},
                              {"OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Bearer%20x,a=1"},
                              {"OTEL_EXPORTER_OTLP_LOGS_HEADERS", "a=2"}});
  EXPECT_TRUE(settings.metrics.console && settings.metrics.otlp);
  EXPECT_EQ(settings.metrics.url, "http://c.example:4318/v1/metrics");
  EXPECT_EQ(settings.metrics.encoding, Encoding::kProtobuf);
  EXPECT_EQ(settings.logs.url, "http://logs.example/in");
  EXPECT_EQ(settings.logs.encoding, Encoding::kJson);
  EXPECT_THAT(settings.logs.headers,
              ElementsAre(net::Header{"Authorization", "Bearer x"}, net::Header{"a", "2"}));
}

TEST_F(TelemetrySettingsTest, WhatCannotBeDoneIsSaid) {
  EXPECT_FALSE(read({{"CLAUDE_CODE_ENABLE_TELEMETRY", "1"}, {"OTEL_LOGS_EXPORTER", "otlp"}}).is_on());
  EXPECT_THAT(problems_, ElementsAre(HasSubstr("PROTOCOL is not set")));
  read({{"CLAUDE_CODE_ENABLE_TELEMETRY", "1"},
        {"OTEL_LOGS_EXPORTER", "otlp"},
        {"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"}});
  EXPECT_THAT(problems_, ElementsAre(HasSubstr("grpc")));
  read({{"CLAUDE_CODE_ENABLE_TELEMETRY", "1"}, {"OTEL_METRICS_EXPORTER", "prometheus"}});
  EXPECT_THAT(problems_, ElementsAre(HasSubstr("prometheus")));
  read({{"CLAUDE_CODE_ENABLE_TELEMETRY", "1"}, {"OTEL_RESOURCE_ATTRIBUTES", "team=a,broken"}});
  EXPECT_THAT(problems_, ElementsAre(HasSubstr("key=value")));
}

TEST_F(TelemetrySettingsTest, ResponsesFollowPromptsUnlessTheyAreSaid) {
  EXPECT_TRUE(read({{"CLAUDE_CODE_ENABLE_TELEMETRY", "1"}, {"OTEL_LOG_USER_PROMPTS", "1"}}).gates.responses);
  EXPECT_FALSE(read({{"CLAUDE_CODE_ENABLE_TELEMETRY", "1"},
                     {"OTEL_LOG_USER_PROMPTS", "1"},
                     {"OTEL_LOG_ASSISTANT_RESPONSES", "0"}})
                   .gates.responses);
}

TEST_F(TelemetrySettingsTest, TheTraceOfTheCallerIsTakenUpWhereNobodySitsAtATerminal) {
  const std::string parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const std::map<std::string, std::string, std::less<>> values{{"CLAUDE_CODE_ENABLE_TELEMETRY", "1"},
                                                               {"TRACEPARENT", parent}};
  EXPECT_EQ(read(values).trace_id, "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(read(values).parent_id, "b7ad6b7169203331");
  EXPECT_EQ(read(values, false).trace_id, "");
  for (const char* broken : {"", "00-0-0-0", "00-00000000000000000000000000000000-b7ad6b7169203331-01"})
    EXPECT_EQ(read({{"CLAUDE_CODE_ENABLE_TELEMETRY", "1"}, {"TRACEPARENT", broken}}).trace_id, "") << broken;
}

TEST(LockDestinationTest, WhatTheOrganisationSetsIsNotTakenElsewhere) {
  const std::map<std::string, std::string, std::less<>> values{{"OTEL_EXPORTER_OTLP_ENDPOINT", "e"},
                                                               {"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "l"},
                                                               {"OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "p"},
                                                               {"OTEL_EXPORTER_OTLP_LOGS_HEADERS", "h"},
                                                               {"OTEL_LOGS_EXPORTER", "console"}};
  Environment environment(values);
  EXPECT_THAT(lock_destination({}, environment), IsEmpty());
  EXPECT_THAT(lock_destination({"OTEL_EXPORTER_OTLP_ENDPOINT"}, environment),
              ElementsAre("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"));
  environment = Environment(values);
  EXPECT_THAT(lock_destination({"OTEL_EXPORTER_OTLP_HEADERS"}, environment),
              ElementsAre("OTEL_EXPORTER_OTLP_LOGS_HEADERS", "OTEL_EXPORTER_OTLP_ENDPOINT",
                          "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"));
  environment = Environment(values);
  EXPECT_THAT(
      lock_destination({"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"}, environment),
      IsEmpty());
  EXPECT_TRUE(environment.has("OTEL_LOGS_EXPORTER"));
}

}  // namespace
}  // namespace awl::telemetry
