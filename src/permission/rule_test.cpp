#include <gtest/gtest.h>

#include "permission/policy.h"

namespace awl::permission {
namespace {

TEST(Rule, Parses) {
  const auto whole = parse_rule("Bash", "flag", "/w");
  ASSERT_TRUE(whole.has_value());
  EXPECT_EQ(whole->tool, "Bash");
  EXPECT_EQ(whole->specifier, "");
  EXPECT_EQ(whole->source, "flag");
  EXPECT_EQ(whole->base, "/w");
  EXPECT_EQ(parse_rule("Bash(*)", "", "")->specifier, "");
  EXPECT_EQ(parse_rule(" Bash(npm run (x) *) ", "", "")->specifier, "npm run (x) *");
  EXPECT_EQ(parse_rule("Edit(*)", "", "")->specifier, "*");
  EXPECT_EQ(parse_rule("mcp__srv__get_*", "", "")->tool, "mcp__srv__get_*");
}

TEST(Rule, SaysWhatIsWrong) {
  for (const char* text :
       {"", "  ", "(x)", "Bash(", "Bash(npm", "Bash()", "Bash( )", "Bash)", "Ba sh", "Bash(x) y", "B;h"}) {
    const auto rule = parse_rule(text, "", "");
    ASSERT_FALSE(rule.has_value()) << text;
    EXPECT_EQ(rule.error().kind, ErrorKind::kInvalidInput);
    EXPECT_NE(rule.error().message.find("permission rule"), std::string::npos);
    EXPECT_FALSE(rule.error().hint.empty());
  }
}

TEST(Rule, ListsSplitOutsideBrackets) {
  const auto rules = parse_rule_list("Bash(git *) Edit,Write  Bash(a, b),", "flag", "/w");
  ASSERT_TRUE(rules.has_value());
  ASSERT_EQ(rules->size(), 4u);
  EXPECT_EQ((*rules)[0].specifier, "git *");
  EXPECT_EQ((*rules)[1].tool, "Edit");
  EXPECT_EQ((*rules)[2].tool, "Write");
  EXPECT_EQ((*rules)[3].specifier, "a, b");
  EXPECT_TRUE(parse_rule_list("", "", "")->empty());
  EXPECT_FALSE(parse_rule_list("Bash(git *", "", "").has_value());
  EXPECT_FALSE(parse_rule_list("Bash)(", "", "").has_value());
}

TEST(Mode, Parses) {
  for (const Mode mode : {Mode::kDefault, Mode::kAcceptEdits, Mode::kPlan, Mode::kDontAsk, Mode::kBypass}) {
    EXPECT_EQ(*parse_mode(to_string(mode)), mode);
  }
  EXPECT_EQ(*parse_mode("manual"), Mode::kDefault);
  ASSERT_FALSE(parse_mode("yolo").has_value());
  EXPECT_NE(parse_mode("yolo").error().hint.find("acceptEdits"), std::string::npos);
}

}  // namespace
}  // namespace awl::permission
