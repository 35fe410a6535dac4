#include "tui/plan_menu.h"

#include <gmock/gmock.h>

namespace awl::tui {
namespace {

using ::testing::HasSubstr;

const Theme kPlanTheme{false};

protocol::PermissionAnswer choose(PlanMenu& menu, std::string_view bytes) {
  KeyDecoder decoder;
  auto keys = decoder.feed(bytes);
  for (Key& key : decoder.flush()) keys.push_back(std::move(key));
  Menu::Outcome outcome = Menu::Outcome::kOpen;
  for (const Key& key : keys) outcome = menu.menu().press(key);
  return menu.answer(outcome);
}

TEST(PlanMenuTest, YesBeginsInTheModeThatItsOptionNames) {
  PlanMenu menu({"default", "acceptEdits", "plan"}, "/plans/a.md", kPlanTheme);
  EXPECT_THAT(choose(menu, "1").updated_permissions_json, HasSubstr(R"("mode":"acceptEdits")"));
  EXPECT_THAT(choose(menu, "2").updated_permissions_json, HasSubstr(R"("mode":"default")"));
  EXPECT_TRUE(choose(menu, "2").allowed);
  PlanMenu with_auto({"default", "acceptEdits", "plan", "auto"}, "", kPlanTheme);
  EXPECT_THAT(choose(with_auto, "1").updated_permissions_json, HasSubstr(R"("mode":"auto")"));
  PlanMenu free({"default", "plan", "bypassPermissions", "auto"}, "", kPlanTheme);
  EXPECT_THAT(choose(free, "1").updated_permissions_json, HasSubstr(R"("mode":"bypassPermissions")"));
}

TEST(PlanMenuTest, NoGoesOnPlanningAndTellsTheModelWhatIsMissing) {
  for (const char* bytes : {"\x1b", "3"}) {
    PlanMenu menu({}, "", kPlanTheme);
    const auto answer = choose(menu, bytes);
    EXPECT_FALSE(answer.allowed);
    EXPECT_TRUE(answer.interrupt);
    EXPECT_EQ(answer.updated_permissions_json, "");
  }
  PlanMenu menu({}, "", kPlanTheme);
  const auto answer = choose(menu, "\x1b[A\tcover the tests\r");
  EXPECT_FALSE(answer.allowed);
  EXPECT_FALSE(answer.interrupt);
  EXPECT_THAT(answer.message, HasSubstr("cover the tests"));
}

}  // namespace
}  // namespace awl::tui
