#include "base/strings.h"

#include <gtest/gtest.h>

namespace awl {
namespace {

TEST(Strings, TruthyIsOneTrueYesOn) {
  for (const char* on : {"1", "true", "TRUE", "Yes", " on ", "\ton\n"}) EXPECT_TRUE(is_truthy(on)) << on;
  for (const char* off : {"", "0", "false", "no", "off", "2", "enabled", "truee"})
    EXPECT_FALSE(is_truthy(off)) << off;
}

TEST(Strings, SplitKeepsEmptyPieces) {
  EXPECT_EQ(split("a,,b", ',').size(), 3U);
  EXPECT_EQ(split("", ',').size(), 1U);
}

TEST(Strings, JoinKeepsEmptyPieces) { EXPECT_EQ(join({"", "a", ""}, ","), ",a,"); }

TEST(Strings, ReplaceAllDoesNotRescanItsOwnText) {
  EXPECT_EQ(replace_all("aaa", "a", "aa"), "aaaaaa");
  EXPECT_EQ(replace_all("x", "", "y"), "x");
}

TEST(Strings, MatchesWildcards) {
  EXPECT_TRUE(matches_wildcards("https://*.example.com/*", "https://a.b.example.com/x"));
  EXPECT_TRUE(matches_wildcards("*", ""));
  EXPECT_TRUE(matches_wildcards("a**b", "ab"));
  EXPECT_FALSE(matches_wildcards("", "a"));
  EXPECT_FALSE(matches_wildcards("a*b", "abc"));
  EXPECT_FALSE(matches_wildcards("a*a*a*a*a*a*a*a*a*a*b", std::string(10'000, 'a')));
}

TEST(Strings, ParseInteger) {
  EXPECT_EQ(parse_integer("42"), 42);
  EXPECT_EQ(parse_integer("-1"), -1);
  EXPECT_EQ(parse_integer("4 "), std::nullopt);
  EXPECT_EQ(parse_integer(""), std::nullopt);
  EXPECT_EQ(parse_integer("99999999999999999999"), std::nullopt);
}

}  // namespace
}  // namespace awl
