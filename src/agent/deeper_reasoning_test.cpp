#include "agent/deeper_reasoning.h"

#include <gtest/gtest.h>

#include "anthropic/conversation.h"

namespace awl::agent {
namespace {

bool asks(const std::string& text) {
  return deeper_reasoning_block({R"({"type":"image","source":{}})", anthropic::text_block(text)}).has_value();
}

TEST(DeeperReasoning, TheWordAnywhereInTheText) {
  EXPECT_TRUE(asks("Ultrathink about it"));
  EXPECT_TRUE(asks("please, ULTRATHINK."));
  EXPECT_TRUE(asks("a\nultrathink"));
}

TEST(DeeperReasoning, NothingElse) {
  EXPECT_FALSE(asks("think hard"));
  EXPECT_FALSE(asks("ultrathinking is a word of its own"));
  EXPECT_FALSE(asks("see my_ultrathink_notes.md"));
  EXPECT_FALSE(deeper_reasoning_block({R"({"type":"tool_result","content":"ultrathink"})"}).has_value());
  EXPECT_FALSE(deeper_reasoning_block({}).has_value());
}

}  // namespace
}  // namespace awl::agent
