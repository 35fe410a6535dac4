#include "hooks/hook_matcher.h"

#include <gtest/gtest.h>

namespace awl::hooks {
namespace {

bool fits(std::string_view pattern, std::string_view name, bool narrow = false) {
  const auto matcher = HookMatcher::parse(pattern, narrow);
  EXPECT_TRUE(matcher) << pattern;
  return matcher && matcher->matches(name);
}

TEST(HookMatcher, NothingAndAStarAreEverything) {
  EXPECT_TRUE(fits("", "Bash"));
  EXPECT_TRUE(fits("*", ""));
}

TEST(HookMatcher, NamesAreWholeAndListed) {
  EXPECT_TRUE(fits("Bash", "Bash"));
  EXPECT_FALSE(fits("Bash", "BashOutput"));
  EXPECT_FALSE(fits("bash", "Bash"));
  EXPECT_TRUE(fits("Edit|Write", "Write"));
  EXPECT_TRUE(fits("Edit, Write", "Write"));
  EXPECT_TRUE(fits(" Edit | Write ", "Edit"));
  EXPECT_FALSE(fits("Edit|Write", "Edit|Write"));
  EXPECT_TRUE(fits("code-reviewer", "code-reviewer"));
  EXPECT_FALSE(fits("code-reviewer", "senior-code-reviewer"));
  EXPECT_FALSE(fits("mcp__memory", "mcp__memory__read"));
}

TEST(HookMatcher, AnythingElseIsAnExpressionFoundAnywhere) {
  EXPECT_TRUE(fits("Edit.*", "NotebookEdit"));
  EXPECT_FALSE(fits("^Edit$", "NotebookEdit"));
  EXPECT_TRUE(fits("mcp__.*__write.*", "mcp__fs__write_file"));
  EXPECT_TRUE(fits("^(?!Bash).*", "Read")) << "as JavaScript reads it";
  EXPECT_FALSE(fits("^(?!Bash).*", "Bash"));
  EXPECT_FALSE(HookMatcher::parse("mcp__(", false));
}

TEST(HookMatcher, SomeEventsKnowFewerNames) {
  EXPECT_TRUE(fits(".envrc|.env", ".env", true));
  EXPECT_TRUE(fits("rate_limit|overloaded", "overloaded", true));
  EXPECT_FALSE(fits("a, b", "b", true)) << "an expression there";
}

}  // namespace
}  // namespace awl::hooks
