#include "memory/notes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace awl::memory {
namespace {

using ::testing::HasSubstr;

std::string lines(size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += "- a note\n";
  return text;
}

TEST(Notes, OfAnIndexAsMuchIsToldAsTheLimitsAllow) {
  EXPECT_EQ(told_part(""), "");
  EXPECT_EQ(told_part("one\ntwo"), "one\ntwo");
  EXPECT_EQ(told_part(lines(300)), lines(200));
  EXPECT_EQ(told_part(std::string(30'000, 'x')).size(), kIndexBytes);
}

TEST(Notes, TheModelHearsWhenTheIndexGrowsTooLong) {
  EXPECT_EQ(advice_on_index(lines(100)), "");
  EXPECT_THAT(advice_on_index(lines(190)), HasSubstr("shorten"));
  EXPECT_THAT(advice_on_index(lines(201)), HasSubstr("not told"));
  EXPECT_THAT(advice_on_index(std::string(26'000, 'x')), HasSubstr("not told"));
}

TEST(Notes, TheFolderIsNamed) { EXPECT_THAT(describe_notes("/notes/here"), HasSubstr("/notes/here")); }

}  // namespace
}  // namespace awl::memory
