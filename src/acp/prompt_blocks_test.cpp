#include "acp/prompt_blocks.h"

#include <gmock/gmock.h>

namespace awl::acp {
namespace {

json::Value content(const json::Value& prompt) { return *json::parse(to_message_content(prompt).value()); }

TEST(PromptBlocks, TextsAndNamedFilesAreOneText) {
  const json::Value blocks =
      content({{{"type", "text"}, {"text", "look at"}},
               {{"type", "resource_link"}, {"uri", "file:///w/a%20b.txt"}, {"name", "a"}},
               {{"type", "resource"}, {"resource", {{"uri", "file:///w/c"}, {"text", "code"}}}}});
  ASSERT_EQ(blocks.size(), 1U);
  EXPECT_EQ(blocks[0]["text"], "look at @/w/a b.txt file:///w/c:\n\ncode");
}

TEST(PromptBlocks, PicturesStandBeforeTheText) {
  const json::Value blocks = content({{{"type", "text"}, {"text", "what is it?"}},
                                      {{"type", "image"}, {"mimeType", "image/png"}, {"data", "AA=="}}});
  EXPECT_EQ(blocks[0]["source"]["media_type"], "image/png");
  EXPECT_EQ(blocks[1]["text"], "what is it?");
}

TEST(PromptBlocks, WhatCannotBeSentIsAnError) {
  EXPECT_FALSE(to_message_content(json::Value::array()).has_value());
  EXPECT_FALSE(to_message_content("text").has_value());
  EXPECT_FALSE(to_message_content({{{"type", "audio"}, {"data", "AA=="}}}).has_value());
}

}  // namespace
}  // namespace awl::acp
