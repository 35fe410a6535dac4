#include "emulator/sse_writer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "net/sse.h"

namespace awl::emulator {
namespace {

std::vector<json::Value> events_of(const std::vector<std::string>& lines) {
  std::vector<json::Value> events;
  net::SseParser parser;
  for (const std::string& line : lines) {
    const auto fed = parser.feed(line, [&](const net::SseEvent& event) {
      events.push_back(*json::parse(event.data));
      EXPECT_EQ(events.back()["type"], event.name);
    });
    EXPECT_TRUE(fed);
  }
  return events;
}

Message three_blocks() {
  Step step;
  Block thinking = text_block("I think.");
  thinking.kind = Block::Kind::kThinking;
  step.content = {thinking, text_block("grüße an alle"), tool_use_block("Read", {{"file_path", "/a/b"}})};
  return make_message(step, "claude-opus-5", {.input_tokens = 12});
}

TEST(MessageEvents, FollowTheDocumentedOrder) {
  const auto events = events_of(message_events(three_blocks(), 1000));
  std::vector<std::string> types;
  for (const json::Value& event : events) types.push_back(event["type"]);
  EXPECT_EQ(types,
            (std::vector<std::string>{"message_start", "content_block_start", "ping", "content_block_delta",
                                      "content_block_delta", "content_block_stop", "content_block_start",
                                      "content_block_delta", "content_block_stop", "content_block_start",
                                      "content_block_delta", "content_block_delta", "content_block_stop",
                                      "message_delta", "message_stop"}));
  EXPECT_TRUE(events.front()["message"]["content"].empty());
  EXPECT_TRUE(events.front()["message"]["stop_reason"].is_null());
  EXPECT_EQ(events[4]["delta"]["type"], "signature_delta");
  EXPECT_EQ(events[13]["delta"]["stop_reason"], "tool_use");
  EXPECT_EQ(events[13]["usage"]["input_tokens"], 12);
}

TEST(MessageEvents, SmallDeltasJoinToTheWhole) {
  const Message message = three_blocks();
  std::string text;
  std::string thinking;
  std::string input;
  size_t longest = 0;
  for (const json::Value& event : events_of(message_events(message, 5))) {
    if (event["type"] != "content_block_delta") continue;
    const json::Value& delta = event["delta"];
    longest = std::max(longest, json::string_or_empty(delta, "text").size());
    text += json::string_or_empty(delta, "text");
    thinking += json::string_or_empty(delta, "thinking");
    input += json::string_or_empty(delta, "partial_json");
  }
  EXPECT_EQ(thinking, "I think.");
  EXPECT_EQ(text, "grüße an alle");
  EXPECT_EQ(input, R"({"file_path":"/a/b"})");
  EXPECT_LE(longest, 5U);
}

TEST(MessageEvents, OtherBlocksComeWhole) {
  Step step;
  Block other;
  other.kind = Block::Kind::kOther;
  other.json = R"({"type":"redacted_thinking","data":"x"})";
  step.content = {other};
  const auto events = events_of(message_events(make_message(step, "m", {.input_tokens = 1}), 8));
  ASSERT_GE(events.size(), 4U);
  EXPECT_EQ(events[1]["content_block"]["data"], "x");
  EXPECT_EQ(events[3]["type"], "content_block_stop");
}

}  // namespace
}  // namespace awl::emulator
