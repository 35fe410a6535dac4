#include "tui/markdown.h"

#include <gmock/gmock.h>

#include "base/strings.h"

namespace awl::tui {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Without the styles.
std::vector<std::string> plain(std::string_view text, int columns = 40) {
  std::vector<std::string> lines;
  for (const std::string& line : render_markdown(text, columns, Theme(true))) lines.push_back(clean(line));
  return lines;
}

TEST(MarkdownTest, BlocksAreSetApart) {
  EXPECT_THAT(plain("# Title\nOne\ntwo\n\nThree"), ElementsAre("Title", "", "One two", "", "Three"));
}

TEST(MarkdownTest, ListsAreIndented) {
  EXPECT_THAT(plain("Do:\n\n- one\n  - inner\n- two words here", 12),
              ElementsAre("Do:", "", "• one", "  • inner", "• two words", "  here"));
  EXPECT_THAT(plain("3. c\n4. d\n"), ElementsAre("3. c", "4. d"));
  EXPECT_THAT(plain("- [x] done\n- [ ] not"), ElementsAre("☑ done", "☐ not"));
}

TEST(MarkdownTest, CodeKeepsItsLines) {
  EXPECT_THAT(plain("```c\nint  a;\n\nint b;\n```"), ElementsAre("  int  a;", "  ", "  int b;"));
}

TEST(MarkdownTest, TablesStandInColumns) {
  EXPECT_THAT(plain("|a|long|\n|---|---|\n|xyz|1|"), ElementsAre("a   │ long", "────┼─────", "xyz │ 1"));
  EXPECT_THAT(plain("|a|long|\n|---|---|\n|xyz|1 2 3 4 5 6 7|", 12),
              ElementsAre("• a: xyz", "  long: 1 2", "3 4 5 6 7"));
}

TEST(MarkdownTest, AnAddressIsShown) {
  EXPECT_THAT(plain("[here](https://a.example)"), ElementsAre("here (https://a.example)"));
}

TEST(MarkdownTest, NothingInItReachesTheTerminal) {
  for (const char* text : {"a\x1b[2Jb", "`a\x1b[2Jb`", "```\na\x1b[2Jb\n```", "[x](http://a/\x1b[2J)"}) {
    for (const std::string& line : render_markdown(text, 40, Theme(false)))
      EXPECT_FALSE(line.contains("\x1b[2J"));
  }
}

TEST(MarkdownTest, QuotesHaveABar) { EXPECT_THAT(plain("> one\n> two"), ElementsAre("│ one two")); }

TEST(MarkdownTest, WhatCannotChangeAnyMoreIsFinished) {
  EXPECT_EQ(finished_markdown("one\ntwo"), 0U);
  EXPECT_EQ(finished_markdown("one\n\ntwo"), 5U);
  EXPECT_EQ(finished_markdown("```\na\n\nb\n"), 0U);
  EXPECT_EQ(finished_markdown("```\na\n\nb\n```\n\nc"), 14U);
}

}  // namespace
}  // namespace awl::tui
