#include "tui/permission_menu.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "json/json.h"

namespace awl::tui {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Outcome = Menu::Outcome;

const Theme kTheme{false};
constexpr Size kSize{80, 30};

protocol::PermissionQuestion command(const std::string& text) {
  protocol::PermissionQuestion question{"Bash", "t", json::dump({{"command", text}}), "no rule allows it"};
  question.exact_rules = {"Bash(" + text + ")"};
  question.wider_rules = {"Bash(git push *)"};
  return question;
}

std::string shown(PermissionMenu& menu, Size size = kSize) {
  std::string text;
  for (const std::string& line : menu.menu().render(size, kTheme).lines) text += clean(line) + "\n";
  return text;
}

protocol::PermissionAnswer choose(PermissionMenu& menu, std::string_view bytes) {
  KeyDecoder decoder;
  auto keys = decoder.feed(bytes);
  for (Key& key : decoder.flush()) keys.push_back(std::move(key));
  Outcome outcome = Outcome::kOpen;
  for (const Key& key : keys) outcome = menu.menu().press(key);
  return menu.answer(outcome);
}

TEST(PermissionMenuTest, ItShowsTheCommandAndTheRulesThatWouldBeSaved) {
  PermissionMenu menu(command("git push origin main"), kSize, kTheme, true);
  EXPECT_THAT(shown(menu), HasSubstr("  git push origin main\n"));
  EXPECT_THAT(shown(menu), HasSubstr("2. Yes, and save the rule Bash(git push origin main)\n"));
  EXPECT_THAT(shown(menu), HasSubstr("3. Yes, and save the rule Bash(git push *)\n"));
  EXPECT_TRUE(choose(menu, "1").allowed);
  EXPECT_EQ(choose(menu, "1").updated_permissions_json, "");
  EXPECT_THAT(choose(menu, "3").updated_permissions_json, HasSubstr(R"("ruleContent":"git push *")"));
}

TEST(PermissionMenuTest, NoIsADenialAndStopsTheTurnUnlessThePersonSaysMore) {
  PermissionMenu menu(command("git push"), kSize, kTheme, true);
  for (const char* bytes : {"\x1b", "4", "\x03"}) {
    const auto answer = choose(menu, bytes);
    EXPECT_FALSE(answer.allowed);
    EXPECT_TRUE(answer.interrupt);
  }
  PermissionMenu other(command("git push"), kSize, kTheme, true);
  const auto answer = choose(other, "\x1b[A\tuse a branch\r");
  EXPECT_FALSE(answer.allowed);
  EXPECT_FALSE(answer.interrupt);
  EXPECT_THAT(answer.message, HasSubstr("use a branch"));
}

TEST(PermissionMenuTest, WhatIsNotShownWholeIsAllowedOnlyOnce) {
  std::string text = "echo";
  for (int i = 0; i < 100; ++i) text += " \\\n  line" + std::to_string(i);
  PermissionMenu menu(command(text), kSize, kTheme, true);
  EXPECT_THAT(shown(menu), HasSubstr("more lines are not shown"));
  EXPECT_THAT(shown(menu), Not(HasSubstr("save the rule")));
  EXPECT_LE(menu.menu().render(kSize, kTheme).lines.size(), static_cast<size_t>(kSize.rows));
  PermissionMenu wide(command("git push " + std::string(200, 'x')), kSize, kTheme, true);
  EXPECT_THAT(shown(wide), Not(HasSubstr("xxx)")));
  PermissionMenu locked(command("git push"), kSize, kTheme, false);
  EXPECT_THAT(shown(locked), Not(HasSubstr("save the rule")));
}

TEST(PermissionMenuTest, AChangeIsShownAsADifference) {
  const protocol::PermissionQuestion question{
      "Edit", "t",
      json::dump({{"file_path", "/w/a.txt"}, {"old_string", "one\ntwo"}, {"new_string", "one\n2"}}), "why"};
  PermissionMenu menu(question, kSize, kTheme, true);
  EXPECT_THAT(shown(menu), HasSubstr("-two"));
  EXPECT_THAT(shown(menu), HasSubstr("+2"));
  EXPECT_THAT(choose(menu, "2").updated_permissions_json, HasSubstr("acceptEdits"));
}

TEST(PermissionMenuTest, NothingOfTheModelsReachesTheTerminal) {
  PermissionMenu menu(command("git push \x1b[2K\rls"), kSize, kTheme, true);
  for (const std::string& line : menu.menu().render(kSize, kTheme).lines)
    EXPECT_FALSE(line.contains("\x1b[2K"));
}

}  // namespace
}  // namespace awl::tui
