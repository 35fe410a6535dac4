#include "agent/message_blocks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace awl::agent {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kText = R"({"type":"text","text":"hi"})";
const std::string kBlank = R"({"type":"text","text":" \n"})";
const std::string kImage = R"({"type":"image","source":{}})";

TEST(MessageBlocks, BlankTextsAreDroppedAndWhatIsBesideThemStays) {
  std::vector<std::string> blocks{kBlank, kImage, kText, R"({"type":"text"})"};
  EXPECT_FALSE(is_blank(blocks));
  drop_blank_texts(blocks);
  EXPECT_THAT(blocks, ElementsAre(kImage, kText));
  EXPECT_TRUE(is_blank({kBlank, kBlank}));
  EXPECT_FALSE(is_blank({}));
  EXPECT_FALSE(is_blank({kImage}));
}

TEST(MessageBlocks, WhatIsNoObjectWithATypeIsNamedByItsPlace) {
  EXPECT_TRUE(check_blocks({kText, kBlank, kImage}));
  for (const char* wrong : {"5", "null", R"("text")", "[]", "{}", R"({"type":1})"}) {
    const auto checked = check_blocks({kText, wrong});
    ASSERT_FALSE(checked) << wrong;
    EXPECT_THAT(checked.error().message, HasSubstr("block 2"));
  }
}

}  // namespace
}  // namespace awl::agent
