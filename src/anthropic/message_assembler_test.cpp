#include "anthropic/message_assembler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace awl::anthropic {
namespace {

class AssemblerTest : public ::testing::Test {
 protected:
  Result<std::optional<ContentBlock>> feed(std::string_view data) {
    auto event = parse_stream_event(data);
    if (!event) return std::unexpected(event.error());
    return assembler.take(std::move(*event));
  }
  void start() {
    ASSERT_TRUE(feed(R"({"type":"message_start","message":{"id":"msg_1","model":"m","content":[],
        "usage":{"input_tokens":3,"output_tokens":1}}})")
                    .has_value());
  }
  ContentBlock stop(int index = 0) {
    auto block = feed(R"({"type":"content_block_stop","index":)" + std::to_string(index) + "}");
    EXPECT_TRUE(block.has_value() && block->has_value());
    return block && *block ? std::move(**block) : ContentBlock{};
  }
  MessageAssembler assembler;
};

TEST_F(AssemblerTest, Text) {
  start();
  ASSERT_TRUE(feed(R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})")
                  .has_value());
  ASSERT_TRUE(
      feed(R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi ","extra":1}})")
          .has_value());
  ASSERT_TRUE(
      feed(R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"there."}})")
          .has_value());
  const ContentBlock block = stop();
  EXPECT_EQ(block.text, "Hi there.");
  EXPECT_EQ(block.json, R"({"type":"text","text":"Hi there."})");
  ASSERT_TRUE(
      feed(R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}})")
          .has_value());
  ASSERT_TRUE(feed(R"({"type":"message_stop"})").has_value());
  EXPECT_TRUE(assembler.finished());
  EXPECT_EQ(assembler.stop_reason(), "end_turn");
  EXPECT_EQ(assembler.usage().input_tokens, 3);
  EXPECT_EQ(assembler.usage().output_tokens, 9);
}

TEST_F(AssemblerTest, BlankTextIsNotSentBack) {
  start();
  ASSERT_TRUE(feed(R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":" \n"}})")
                  .has_value());
  EXPECT_FALSE(stop().can_be_sent_back());
}

TEST_F(AssemblerTest, ToolInputComesInPieces) {
  start();
  ASSERT_TRUE(
      feed(
          R"({"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t1","name":"Bash","input":{}}})")
          .has_value());
  for (const char* piece : {R"({\"com)", R"(mand\":\"echo)", R"( 1\"})"}) {
    ASSERT_TRUE(
        feed(
            std::string(
                R"({"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":")") +
            piece + R"("}})")
            .has_value());
  }
  const ContentBlock block = stop();
  EXPECT_TRUE(block.is_tool_use());
  EXPECT_EQ(block.tool_input["command"], "echo 1");
  EXPECT_EQ(block.json, R"({"type":"tool_use","id":"t1","name":"Bash","input":{"command":"echo 1"}})");
}

TEST_F(AssemblerTest, ToolInputThatIsNoObjectGoesBackAsAnEmptyOne) {
  start();
  ASSERT_TRUE(
      feed(
          R"({"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t1","name":"Bash","input":{}}})")
          .has_value());
  ASSERT_TRUE(
      feed(
          R"({"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}})")
          .has_value());
  const ContentBlock block = stop();
  EXPECT_FALSE(block.tool_input_error.empty());
  EXPECT_EQ(block.json, R"({"type":"tool_use","id":"t1","name":"Bash","input":{}})");
}

TEST_F(AssemblerTest, ThinkingKeepsItsSignature) {
  start();
  ASSERT_TRUE(
      feed(
          R"({"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}})")
          .has_value());
  ASSERT_TRUE(
      feed(R"({"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}})")
          .has_value());
  ASSERT_TRUE(
      feed(
          R"({"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}})")
          .has_value());
  EXPECT_EQ(stop().json, R"({"type":"thinking","thinking":"hm","signature":"c2ln"})");
}

TEST_F(AssemblerTest, UnknownBlocksAndEventsAreKeptOrPassedOver) {
  start();
  EXPECT_TRUE(feed(R"({"type":"brand_new_event","x":1})").has_value());
  ASSERT_TRUE(
      feed(
          R"({"type":"content_block_start","index":0,"content_block":{"type":"redacted_thinking","data":"abc"}})")
          .has_value());
  ASSERT_TRUE(
      feed(R"({"type":"content_block_delta","index":0,"delta":{"type":"new_delta","x":1}})").has_value());
  EXPECT_EQ(stop().json, R"({"type":"redacted_thinking","data":"abc"})");
}

TEST_F(AssemblerTest, AnErrorEventIsAnApiError) {
  start();
  const auto error = feed(R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})");
  ASSERT_FALSE(error.has_value());
  EXPECT_EQ(error.error().kind, ErrorKind::kApi);
  EXPECT_EQ(assembler.error_type(), "overloaded_error");
}

TEST_F(AssemblerTest, ImpossibleOrdersAreParseErrors) {
  EXPECT_EQ(feed(R"({"type":"content_block_stop","index":0})").error().kind, ErrorKind::kParse);
  start();
  EXPECT_EQ(feed(R"({"type":"content_block_stop","index":0})").error().kind, ErrorKind::kParse);
  EXPECT_EQ(feed(R"({"type":"content_block_delta","index":4,"delta":{"type":"text_delta","text":"x"}})")
                .error()
                .kind,
            ErrorKind::kParse);
  EXPECT_EQ(feed(R"({"type":"content_block_start","index":0})").error().kind, ErrorKind::kParse);
  EXPECT_EQ(feed("[]").error().kind, ErrorKind::kParse);
}

TEST_F(AssemblerTest, CallsGetIdsOfTheirOwnAndNamesThatCanBeSentBack) {
  start();
  const auto call = [this](int index, const std::string& id, const std::string& name) {
    const std::string number = std::to_string(index);
    EXPECT_TRUE(feed(R"({"type":"content_block_start","index":)" + number +
                     R"(,"content_block":{"type":"tool_use","id":")" + id + R"(","name":")" + name +
                     R"(","input":{}}})")
                    .has_value());
    return stop(index);
  };
  EXPECT_EQ(call(0, "t1", "Bash").tool_use_id, "t1");
  const ContentBlock twin = call(1, "t1", "my tool");
  EXPECT_NE(twin.tool_use_id, "t1");
  EXPECT_EQ(twin.tool_name, "my tool");
  EXPECT_EQ(twin.json,
            R"({"type":"tool_use","id":")" + twin.tool_use_id + R"(","name":"my_tool","input":{}})");
  const ContentBlock nameless = call(2, "", "");
  EXPECT_FALSE(nameless.tool_use_id.empty());
  EXPECT_THAT(nameless.json, ::testing::HasSubstr(R"("name":"unnamed")"));
}

TEST_F(AssemblerTest, WhatFollowsTheEndIsPassedOver) {
  start();
  ASSERT_TRUE(feed(R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":"a"}})")
                  .has_value());
  stop();
  EXPECT_TRUE(feed(R"({"type":"content_block_stop","index":0})").has_value()) << "a second end of the block";
  ASSERT_TRUE(feed(R"({"type":"message_stop"})").has_value());
  const auto late = feed(R"({"type":"content_block_stop","index":9})");
  ASSERT_TRUE(late.has_value());
  EXPECT_FALSE(late->has_value());
}

TEST_F(AssemblerTest, BlocksWithoutAnEnd) {
  start();
  const auto open = [this](int index, const std::string& block) {
    ASSERT_TRUE(feed(R"({"type":"content_block_start","index":)" + std::to_string(index) +
                     R"(,"content_block":)" + block + "}")
                    .has_value());
  };
  open(0, R"({"type":"text","text":"half"})");
  open(1, R"({"type":"tool_use","id":"t1","name":"Bash","input":{}})");
  open(2, R"({"type":"tool_use","id":"t2","name":"Bash","input":{}})");
  ASSERT_TRUE(
      feed(
          R"({"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"a\":1}"}})")
          .has_value());
  ASSERT_TRUE(
      feed(
          R"({"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}})")
          .has_value());
  MessageAssembler copy = assembler;
  const auto whole_calls = assembler.close_open(/*only_whole_calls=*/true);
  ASSERT_EQ(whole_calls.size(), 1U);
  EXPECT_EQ(whole_calls[0].tool_use_id, "t1");
  EXPECT_EQ(copy.close_open(/*only_whole_calls=*/false).size(), 3U);
}

TEST_F(AssemblerTest, ARefusalSaysWhy) {
  start();
  ASSERT_TRUE(
      feed(
          R"({"type":"message_delta","delta":{"stop_reason":"refusal","stop_details":{"type":"refusal","category":"cyber","explanation":"no"}}})")
          .has_value());
  EXPECT_EQ(assembler.stop_details().category, "cyber");
  EXPECT_EQ(assembler.stop_details().explanation, "no");
}

}  // namespace
}  // namespace awl::anthropic
