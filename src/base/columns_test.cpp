#include "base/columns.h"

#include <gtest/gtest.h>

namespace awl {
namespace {

TEST(ColumnsTest, WideLettersCountTwice) {
  EXPECT_EQ(count_columns("世界"), 4);
  EXPECT_EQ(cut_to_columns("世界世界", 8), "世界世界");
  EXPECT_EQ(cut_to_columns("世界世界", 7), "世界世…");
  EXPECT_EQ(cut_to_columns("世界世界", 6), "世界…");
  EXPECT_EQ(cut_to_columns("abc", 0), "");
  EXPECT_EQ(cut_to_columns("a · b", 5), "a · b");
}

TEST(ColumnsTest, WhatAPersonSeesAsOneCharacterIsOne) {
  for (const std::string_view text : {"e\u0301", "👩‍👩‍👧", "🇨🇭", "👍🏽", "❤\uFE0F"})
    EXPECT_EQ(first_grapheme(text).length, text.size()) << text;
  EXPECT_EQ(first_grapheme("e\u0301x").columns, 1);
  EXPECT_EQ(first_grapheme("👍🏽").columns, 2);
  EXPECT_EQ(first_grapheme("❤\uFE0F").columns, 2);
}

TEST(ColumnsTest, BytesThatAreNoTextCountOneEach) {
  EXPECT_EQ(count_columns("a\xff\xfe"), 3);
  EXPECT_EQ(first_grapheme("\xe4\xb8").length, 1U);
}

TEST(ColumnsTest, ControlCharactersAreNotShown) {
  EXPECT_EQ(printable("a\x1b[2Jb\nc\u0085d", 100), "a [2Jb c d");
  EXPECT_EQ(printable("aaaa", 2), "aa…");
}

}  // namespace
}  // namespace awl
