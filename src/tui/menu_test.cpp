#include "tui/menu.h"

#include <gmock/gmock.h>

namespace awl::tui {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Kind = Key::Kind;
using Outcome = Menu::Outcome;

Menu::Outcome type(Menu& menu, std::string_view bytes) {
  KeyDecoder decoder;
  auto keys = decoder.feed(bytes);
  for (Key& key : decoder.flush()) keys.push_back(std::move(key));
  Outcome outcome = Outcome::kOpen;
  for (const Key& key : keys) outcome = menu.press(key);
  return outcome;
}

std::string shown(const Menu& menu, Size size = {40, 20}) {
  std::string text;
  for (const std::string& line : menu.render(size, Theme(false)).lines) text += clean(line) + "\n";
  return text;
}

TEST(MenuTest, ADigitOrEnterChooses) {
  Menu menu({{"Which?"}, "", false}, {{"one"}, {"two"}, {"three"}});
  EXPECT_EQ(shown(menu), "Which?\n❯ 1. one\n  2. two\n  3. three\n");
  EXPECT_EQ(type(menu, "\x1b[B\r"), Outcome::kChosen);
  EXPECT_EQ(menu.chosen(), 1U);
  EXPECT_EQ(type(menu, "3"), Outcome::kChosen);
  EXPECT_EQ(menu.chosen(), 2U);
  EXPECT_EQ(type(menu, "7"), Outcome::kOpen);
  EXPECT_EQ(type(menu, "\x1b[B"), Outcome::kOpen);
  EXPECT_THAT(shown(menu), HasSubstr("❯ 1. one"));
}

TEST(MenuTest, EscapeCancels) {
  Menu menu({}, {{"one"}});
  EXPECT_EQ(type(menu, "\x1b"), Outcome::kCancelled);
  EXPECT_EQ(type(menu, "\x03"), Outcome::kCancelled);
}

TEST(MenuTest, TypingNarrowsAListThatFilters) {
  Menu menu({{}, "", true}, {{"apple"}, {"Banana"}, {"cherry", "from banana"}});
  type(menu, "ban");
  EXPECT_THAT(shown(menu), HasSubstr("❯ Banana"));
  EXPECT_EQ(type(menu, "\x1b[B\r"), Outcome::kChosen);
  EXPECT_EQ(menu.chosen(), 2U);
  type(menu, "x");
  EXPECT_THAT(shown(menu), HasSubstr("nothing fits"));
  EXPECT_EQ(type(menu, "\r"), Outcome::kOpen);
}

TEST(MenuTest, ACommentGoesWithTheOptionThatTakesIt) {
  Menu menu({}, {{"Yes", "", true}, {"Always"}});
  EXPECT_EQ(type(menu, "\tuse 2 spaces\r"), Outcome::kChosen);
  EXPECT_EQ(menu.chosen(), 0U);
  EXPECT_EQ(menu.comment(), "use 2 spaces");
  Menu other({}, {{"Yes", "", true}, {"Always"}});
  type(other, "\tkept\t\x1b[B\t");
  EXPECT_EQ(type(other, "\r"), Outcome::kChosen);
  EXPECT_EQ(other.chosen(), 1U);
  EXPECT_EQ(other.comment(), "");
}

TEST(MenuTest, OfALongListThePartWithTheSelectedOneIsShown) {
  std::vector<MenuOption> options;
  for (int i = 0; i < 50; ++i) options.push_back({std::to_string(i)});
  Menu menu({{}, "", true}, options);
  for (int i = 0; i < 30; ++i) menu.press({Kind::kDown});
  EXPECT_THAT(shown(menu, {20, 10}), HasSubstr("❯ 30"));
  EXPECT_LE(menu.render({20, 10}, Theme(false)).lines.size(), 10U);
}

}  // namespace
}  // namespace awl::tui
