#include "anthropic/whole_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "json/json.h"

namespace awl::anthropic {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string stripped(std::string body) {
  net::HttpRequest request;
  request.body = std::move(body);
  return as_non_streaming(std::move(request)).body;
}

std::vector<std::string> types_of(const std::vector<std::string>& events) {
  std::vector<std::string> types;
  for (const std::string& event : events)
    types.push_back(json::string_or_empty(json::parse(event).value(), "type"));
  return types;
}

TEST(WholeMessage, TheRequestAsksForNoStream) {
  EXPECT_EQ(stripped(R"({"model":"m","stream":true})"), R"({"model":"m"})");
  EXPECT_EQ(stripped(R"({"stream":true,"model":"m","x":{"stream":true}})"),
            R"({"model":"m","x":{"stream":true}})");
  EXPECT_EQ(stripped("no json"), "no json");
}

TEST(WholeMessage, BecomesTheEventsOfAStream) {
  const auto events = events_of_message(R"({"id":"msg_1","type":"message","model":"m","content":[
      {"type":"thinking","thinking":"hm","signature":"c2ln"},{"type":"text","text":"Hi"},
      {"type":"tool_use","id":"t","name":"Bash","input":{"command":"ls"}},{"type":"novelty","x":1}],
      "stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":5}})");
  ASSERT_TRUE(events.has_value());
  EXPECT_THAT(
      types_of(*events),
      ElementsAre("message_start", "content_block_start", "content_block_delta", "content_block_delta",
                  "content_block_stop", "content_block_start", "content_block_delta", "content_block_stop",
                  "content_block_start", "content_block_delta", "content_block_stop", "content_block_start",
                  "content_block_stop", "message_delta", "message_stop"));
  EXPECT_THAT((*events)[0], HasSubstr(R"("content":[],"stop_reason":null)"));
  EXPECT_THAT((*events)[5], HasSubstr(R"("content_block":{"type":"text","text":""})"));
  EXPECT_THAT((*events)[9], HasSubstr(R"("partial_json":"{\"command\":\"ls\"}")"));
}

TEST(WholeMessage, BlocksWithoutTheirTextAreEmpty) {
  const auto events = events_of_message(
      R"({"id":"m","type":"message","content":[{"type":"text"},{"type":"thinking"},7,{"x":1}],"stop_reason":"end_turn"})");
  ASSERT_TRUE(events.has_value());
  EXPECT_THAT(types_of(*events),
              ElementsAre("message_start", "content_block_start", "content_block_stop", "content_block_start",
                          "content_block_stop", "message_delta", "message_stop"));
}

TEST(WholeMessage, AnErrorIsAnErrorEvent) {
  const auto events =
      events_of_message(R"({"type":"error","error":{"type":"overloaded_error","message":"busy"}})");
  ASSERT_TRUE(events.has_value());
  EXPECT_THAT(types_of(*events), ElementsAre("error"));
}

TEST(WholeMessage, AnythingElseIsNone) {
  for (const char* body :
       {"", "<html></html>", "[]", "{}", R"({"id":"m"})", R"({"content":[]})", R"({"id":"m","content":{}})"})
    EXPECT_FALSE(events_of_message(body).has_value()) << body;
}

TEST(WholeMessage, WhatCameInsteadIsDescribed) {
  const Error page = describe_non_message({{"Content-Type", "text/html"}, {"server", "nginx"}},
                                          "<html>Please sign in</html>");
  EXPECT_THAT(page.message, HasSubstr("HTML page"));
  EXPECT_THAT(page.message, HasSubstr("text/html"));
  EXPECT_THAT(page.message, HasSubstr("27 bytes"));
  EXPECT_THAT(page.message, HasSubstr("nginx"));
  EXPECT_THAT(describe_non_message({}, " ").message, HasSubstr("empty body"));
  EXPECT_THAT(describe_non_message({}, "{}").message, HasSubstr("JSON"));
}

}  // namespace
}  // namespace awl::anthropic
