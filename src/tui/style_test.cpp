#include "tui/style.h"

#include <gmock/gmock.h>

#include "base/columns.h"

namespace awl::tui {
namespace {

using ::testing::ElementsAre;

TEST(StyleTest, LinesBreakAtSpaces) {
  EXPECT_THAT(wrap("one two three", 8), ElementsAre("one two", "three"));
  EXPECT_THAT(wrap("one two three", 7), ElementsAre("one two", "three"));
  EXPECT_THAT(wrap("abcdefghij", 4), ElementsAre("abcd", "efgh", "ij"));
  EXPECT_THAT(wrap("a\n\nb", 4), ElementsAre("a", "", "b"));
  EXPECT_THAT(wrap("", 4), ElementsAre(""));
  EXPECT_THAT(wrap("世界世界", 5), ElementsAre("世界", "世界"));
}

TEST(StyleTest, WhatFollowsIsIndented) {
  EXPECT_THAT(wrap("- one two three", 9, "  "), ElementsAre("- one two", "  three"));
  EXPECT_THAT(wrap("abcdef", 2, "    "), ElementsAre("ab", "cd", "ef"));
  // A word that fills the line has no room behind the indentation.
  EXPECT_THAT(wrap("a bcdefghij", 8, "    "), ElementsAre("a bcdefg", "    hij"));
}

TEST(StyleTest, AStyleGoesOnInTheNextLine) {
  const Theme theme(true);
  EXPECT_THAT(wrap(theme.paint(kBold, "one two") + " x", 4),
              ElementsAre("\x1b[1mone \x1b[0m", "\x1b[1mtwo\x1b[0m", "x"));
}

TEST(StyleTest, EveryWidthKeepsItsPromise) {
  const Theme theme(true);
  const std::string text = theme.paint(kBold, "Some wörds 世界") + " and " +
                           theme.paint(kDim, "others 👩‍👩‍👧 that go on") + " for long";
  for (int columns = 2; columns < 40; ++columns) {
    std::string joined;
    for (const std::string& line : wrap(text, columns)) {
      EXPECT_LE(painted_columns(line), columns) << columns;
      joined += clean(line);
    }
    std::erase(joined, ' ');
    EXPECT_EQ(joined, "Somewörds世界andothers👩‍👩‍👧thatgoonforlong") << columns;
  }
}

TEST(StyleTest, NothingOfOthersReachesTheTerminal) {
  EXPECT_EQ(clean("a\x1b[2Jb\x1b]0;title\x07"
                  "c\u009b1m\u202Ed\re"),
            "ab]0;titlec1mde");
  EXPECT_EQ(clean("a\tb\n\tc"), "a   b\n    c");
  EXPECT_EQ(clean("a\x1b[1-\u00e9b"), "a\u00e9b") << "a sequence that is cut off";
}

TEST(StyleTest, WithoutColoursOnlyTheColourIsLeftOut) {
  EXPECT_EQ(Theme(false).paint({.colour = Colour::kBad, .bold = true}, "x"), "\x1b[1mx\x1b[0m");
  EXPECT_EQ(Theme(false).paint(kBad, "x"), "x");
}

}  // namespace
}  // namespace awl::tui
