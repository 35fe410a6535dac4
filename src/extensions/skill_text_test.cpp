#include "extensions/skill_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace awl::extensions {
namespace {

using ::testing::ElementsAre;

class SkillTextTest : public ::testing::Test {
 protected:
  std::string expand(std::string body, std::string_view arguments) {
    skill.body = std::move(body);
    std::string text;
    for (const TextPiece& piece : expand_skill(skill, arguments, facts))
      text += piece.is_command ? "<" + piece.text + ">" : piece.text;
    return text;
  }
  Skill skill;
  SkillFacts facts{"S1", "high", "/p"};
};

TEST_F(SkillTextTest, ArgumentsAreSplitAsAShellDoes) {
  EXPECT_THAT(split_arguments(R"(a "b c" 'd "e' f\ g "" h"i"j)"),
              ElementsAre("a", "b c", "d \"e", "f g", "", "hij"));
  EXPECT_THAT(split_arguments("  "), ElementsAre());
  EXPECT_THAT(split_arguments("'open end"), ElementsAre("open end"));
}

TEST_F(SkillTextTest, ArgumentsTakeTheirPlaces) {
  EXPECT_EQ(expand("[$ARGUMENTS] $0 $1 $ARGUMENTS[1]", R"(12 "two words")"),
            R"([12 "two words"] 12 two words two words)");
  EXPECT_EQ(expand("$2 $ARGUMENTS[7] $0", "a"), "$2 $ARGUMENTS[7] a") << "what was not given stays";
  EXPECT_EQ(expand("$ARGUMENTSX $0th", "a"), "$ARGUMENTSX $0th\n\nARGUMENTS: a") << "no placeholder at all";
  skill.argument_names = {"issue", "branch"};
  EXPECT_EQ(expand("$issue on $branch, $issues", "7"), "7 on , $issues");
}

TEST_F(SkillTextTest, WithoutAPlaceTheyStandAtTheEnd) {
  EXPECT_EQ(expand("Body.\n", "x y"), "Body.\n\nARGUMENTS: x y");
  EXPECT_EQ(expand("Body.\n", ""), "Body.\n");
}

TEST_F(SkillTextTest, ABackslashKeepsADollar) {
  EXPECT_EQ(expand(R"(\$0 \$1.00 \$ARGUMENTS \$PATH $0)", "a"), R"($0 $1.00 $ARGUMENTS \$PATH a)");
  EXPECT_EQ(expand(R"(\\$0)", "a"), R"(\\a)");
}

TEST_F(SkillTextTest, FoldersAndTheSession) {
  skill.folder = "/s/pdf";
  skill.plugin_root = "/plug";
  EXPECT_EQ(expand("${CLAUDE_SKILL_DIR} ${CLAUDE_SESSION_ID} ${CLAUDE_EFFORT} ${CLAUDE_PROJECT_DIR} "
                   "${CLAUDE_PLUGIN_ROOT}",
                   ""),
            "/s/pdf S1 high /p /plug");
}

TEST_F(SkillTextTest, CommandsAreCutOut) {
  EXPECT_EQ(expand("Out: !`echo $0` end.\nKEY=!`no`\n!`b`", "x"), "Out: <echo x> end.\nKEY=!`no`\n<b>");
  EXPECT_EQ(expand("a\n```!\none\ntwo\n```\nb !`open", ""), "a\n<one\ntwo>\nb !`open");
}

TEST_F(SkillTextTest, WhatArgumentsHoldIsNeverACommand) {
  EXPECT_EQ(expand("See $ARGUMENTS", "!`touch x` and $0"), "See !`touch x` and $0");
}

}  // namespace
}  // namespace awl::extensions
