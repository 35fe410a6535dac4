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

}  // namespace
}  // namespace awl::anthropic
