#include "html/entities.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "html/entity_table.h"

namespace awl::html {
namespace {

TEST(Entities, TheTableIsSorted) {
  EXPECT_TRUE(std::ranges::is_sorted(kNamedCharacters, {}, &NamedCharacter::name));
}

TEST(Entities, AreReplaced) {
  EXPECT_EQ(decode_references("a &amp; b &lt;c&gt; &quot;d&quot; &eacute;&euro;&rarr;"),
            "a & b <c> \"d\" é€→");
  EXPECT_EQ(decode_references("&#65;&#x42;&#X1F600;"), "AB😀");
  EXPECT_EQ(decode_references("&#150;&#x80;"), "–€");
  EXPECT_EQ(decode_references("AT&amp T"), "AT& T");
}

TEST(Entities, WhatIsNoneStays) {
  for (const char* text : {"&", "a & b", "&nosuch;", "&;", "&#;", "&#x;", "&#xg;", "?a=1&copy=2", "&ampere"})
    EXPECT_EQ(decode_references(text), text);
}

TEST(Entities, ImpossibleCharactersAreReplaced) {
  for (const char* text : {"&#0;", "&#xD800;", "&#x110000;", "&#99999999999999999999999;"})
    EXPECT_EQ(decode_references(text), "\xEF\xBF\xBD") << text;
}

}  // namespace
}  // namespace awl::html
