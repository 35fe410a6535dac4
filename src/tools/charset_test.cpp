#include "tools/charset.h"

#include <gtest/gtest.h>

namespace awl::tools {
namespace {

TEST(Charset, TheHeaderDecides) {
  EXPECT_EQ(decode_page("\xE4\x80", "iso-8859-1", false), "ä€");
  EXPECT_EQ(decode_page("\xEF\xF0\xE8", "Windows-1251 ", true), "при");
  EXPECT_EQ(decode_page("\x93\xFA\x96\x7B", "Shift_JIS", false), "日本");
  EXPECT_EQ(decode_page("\xC3\xA4", "utf-8", false), "ä");
  EXPECT_EQ(decode_page(std::string("a\0b\0", 4), "utf-16", false), "ab");
}

TEST(Charset, ThenThePage) {
  EXPECT_EQ(decode_page("<meta charset=\"koi8-r\">\xD0", "", true), "<meta charset=\"koi8-r\">п");
  EXPECT_EQ(decode_page("<META http-equiv=x content='text/html; charset = GBK'>\xC4\xE3", "", true),
            "<META http-equiv=x content='text/html; charset = GBK'>你");
  EXPECT_EQ(decode_page("<meta charset=utf-16>\xC3\xA4", "", true), "<meta charset=utf-16>ä");
  EXPECT_EQ(decode_page("<meta name=charset>\xC3\xA4", "", true), "<meta name=charset>ä");
}

TEST(Charset, MarksOfByteOrderBeatBoth) {
  EXPECT_EQ(decode_page("\xEF\xBB\xBF\xC3\xA4", "iso-8859-1", false), "ä");
  EXPECT_EQ(decode_page(std::string("\xFF\xFE"
                                    "a\0",
                                    4),
                        "utf-8", false),
            "a");
  EXPECT_EQ(decode_page(std::string("\xFE\xFF\0a", 4), "", false), "a");
}

TEST(Charset, WithoutADeclarationItIsGuessed) {
  EXPECT_EQ(decode_page("\xC3\xA4", "", false), "ä");
  EXPECT_EQ(decode_page("\xE4", "", false), "ä");
}

TEST(Charset, WhatIsMalformedIsReplaced) {
  EXPECT_EQ(decode_page("a\xFF"
                        "b",
                        "utf-8", false),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(decode_page("a\x81", "shift_jis", false), "a\xEF\xBF\xBD");
  EXPECT_EQ(decode_page("\xE4", "no-such//TRANSLIT", false), "\xEF\xBF\xBD");
  EXPECT_EQ(decode_page(std::string(100'000, '\xFF'), "euc-jp", false).size(), 300'000u);
}

}  // namespace
}  // namespace awl::tools
