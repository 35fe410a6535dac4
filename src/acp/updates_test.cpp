#include "acp/updates.h"

#include <gmock/gmock.h>

namespace awl::acp {
namespace {

class UpdatesTest : public testing::Test {
 protected:
  void stream(const json::Value& event) { updates_.on_event(protocol::StreamEvent{json::dump(event)}); }
  void block(const json::Value& block) {
    updates_.on_event(protocol::AssistantBlock{.uuid = "",
                                               .message_id = "m",
                                               .model = "m",
                                               .block_json = json::dump(block),
                                               .usage_json = "{}",
                                               .error = ""});
  }

  std::vector<json::Value> sent_;
  Updates updates_{[this](json::Value update) { sent_.push_back(std::move(update)); }};
};

TEST_F(UpdatesTest, AStreamedTextIsToldOnce) {
  stream({{"type", "content_block_start"}, {"content_block", {{"type", "text"}}}});
  stream({{"type", "content_block_delta"}, {"delta", {{"type", "text_delta"}, {"text", "he"}}}});
  stream({{"type", "content_block_delta"}, {"delta", {{"type", "text_delta"}, {"text", "llo"}}}});
  block({{"type", "text"}, {"text", "hello"}});
  ASSERT_EQ(sent_.size(), 2U);
  EXPECT_EQ(sent_[1]["content"]["text"], "llo");
  block({{"type", "text"}, {"text", "whole"}});
  ASSERT_EQ(sent_.size(), 3U);
  EXPECT_EQ(sent_[2]["content"]["text"], "whole");
}

TEST_F(UpdatesTest, ACallAndItsDifference) {
  block({{"type", "tool_use"}, {"id", "t1"}, {"name", "Edit"}, {"input", {{"file_path", "/w/a"}}}});
  updates_.on_event(protocol::ToolFinished{"u", "t1",
                                           R"({"type":"tool_result","tool_use_id":"t1","content":"done"})",
                                           R"({"filePath":"/w/a","oldString":"x","newString":"y"})"});
  ASSERT_EQ(sent_.size(), 2U);
  EXPECT_EQ(sent_[0]["kind"], "edit");
  EXPECT_EQ(sent_[0]["locations"][0]["path"], "/w/a");
  EXPECT_EQ(sent_[1]["status"], "completed");
  EXPECT_EQ(sent_[1]["content"][0]["newText"], "y");
}

TEST_F(UpdatesTest, WhatACommandSaysIsAMessage) {
  updates_.on_event(protocol::SessionStarted{});
  updates_.on_event(protocol::TurnEnded{.text = "This session has cost $0."});
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_EQ(sent_[0]["sessionUpdate"], "agent_message_chunk");
}

TEST(StopReason, OfEachEnd) {
  EXPECT_EQ(stop_reason({.outcome = protocol::TurnOutcome::kSuccess, .stop_reason = "end_turn"}), "end_turn");
  EXPECT_EQ(stop_reason({.outcome = protocol::TurnOutcome::kSuccess, .stop_reason = "max_tokens"}),
            "max_tokens");
  EXPECT_EQ(stop_reason({.outcome = protocol::TurnOutcome::kInterrupted}), "cancelled");
  EXPECT_EQ(stop_reason({.outcome = protocol::TurnOutcome::kMaxTurns}), "max_turn_requests");
  EXPECT_EQ(stop_reason({.outcome = protocol::TurnOutcome::kApiError}), "");
}

}  // namespace
}  // namespace awl::acp
