#include "emulator/message.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace awl::emulator {
namespace {

TEST(MakeMessage, GivesIdsSignaturesStopReasonAndUsage) {
  Step step;
  Block thinking = text_block("hm");
  thinking.kind = Block::Kind::kThinking;
  step.content = {thinking, text_block("hello"), tool_use_block("Bash", {{"command", "ls"}})};
  step.usage = {{"cache_read_input_tokens", 7}};
  const Message message = make_message(step, "claude-opus-5", {.input_tokens = 100});
  const auto body = json::parse(message_json(message));
  ASSERT_TRUE(body);
  EXPECT_EQ((*body)["stop_reason"], "tool_use");
  EXPECT_EQ((*body)["model"], "claude-opus-5");
  EXPECT_EQ((*body)["usage"]["input_tokens"], 100);
  EXPECT_EQ((*body)["usage"]["cache_read_input_tokens"], 7);
  EXPECT_GT((*body)["usage"]["output_tokens"].get<int>(), 0);
  EXPECT_TRUE((*body)["id"].get<std::string>().starts_with("msg_"));
  EXPECT_EQ((*body)["content"][0]["signature"], sign_thinking("hm"));
  EXPECT_TRUE((*body)["content"][2]["id"].get<std::string>().starts_with("toolu_"));
  EXPECT_EQ((*body)["content"][2]["input"]["command"], "ls");
}

TEST(MakeMessage, IdsDiffer) {
  Step step;
  step.content = {tool_use_block("A", json::Value::object()), tool_use_block("A", json::Value::object())};
  const Message message = make_message(step, "m", {.input_tokens = 1});
  EXPECT_NE(message.content[0].id, message.content[1].id);
}

TEST(SignThinking, DependsOnTheTextAndIsRecognised) {
  EXPECT_NE(sign_thinking("a"), sign_thinking("b"));
  EXPECT_EQ(sign_thinking("a"), sign_thinking("a"));
  EXPECT_TRUE(is_own_signature(sign_thinking("")));
  EXPECT_FALSE(is_own_signature("c2ln"));
  EXPECT_FALSE(is_own_signature("not base64!"));
}

}  // namespace
}  // namespace awl::emulator
