#include "base/utf8.h"

#include <gtest/gtest.h>

namespace awl {
namespace {

TEST(Utf8, KnowsWellFormedText) {
  EXPECT_TRUE(is_utf8("plain, ü, ☃, 🎉"));
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));  // a surrogate
  EXPECT_FALSE(is_utf8("\xC0\xAF"));      // overlong
  EXPECT_FALSE(is_utf8("\xF5\x80\x80\x80"));
}

TEST(Utf8, ReplacesIllFormedParts) {
  EXPECT_EQ(to_utf8("left\xFF\xFEright"), "left\xEF\xBF\xBD\xEF\xBF\xBDright");
  EXPECT_EQ(to_utf8("cut\xE2\x98"), "cut\xEF\xBF\xBD");
  EXPECT_EQ(to_utf8("☃"), "☃");
}

TEST(Utf8, CutsBetweenCodePoints) {
  EXPECT_EQ(utf8_prefix("a☃b", 2), "a");
  EXPECT_EQ(utf8_prefix("a☃b", 4), "a☃");
  EXPECT_EQ(utf8_suffix("a☃b", 2), "b");
  EXPECT_EQ(utf8_suffix("a☃b", 4), "☃b");
}

}  // namespace
}  // namespace awl
