#include "tui/question_menu.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "json/json.h"

namespace awl::tui {
namespace {

using ::testing::HasSubstr;
using Outcome = Menu::Outcome;

const Theme kQuestionTheme{false};

constexpr std::string_view kOne =
    R"({"questions":[{"question":"Which store?","header":"Store","options":[)"
    R"({"label":"SQLite","description":"one file","preview":"CREATE TABLE t;\n  more"},)"
    R"({"label":"Files","description":"many"}]}]})";
constexpr std::string_view kTwo =
    R"({"questions":[{"question":"Which store?","header":"Store","options":[)"
    R"({"label":"SQLite","description":"one file"},{"label":"Files","description":"many"}]},)"
    R"({"question":"Which parts?","header":"Parts","multiSelect":true,"options":[)"
    R"({"label":"API","description":""},{"label":"CLI","description":""},{"label":"Docs","description":""}]}]})";

std::optional<Outcome> press(QuestionMenu& menu, std::string_view bytes) {
  KeyDecoder decoder;
  auto keys = decoder.feed(bytes);
  for (Key& key : decoder.flush()) keys.push_back(std::move(key));
  Outcome outcome = Outcome::kOpen;
  for (const Key& key : keys) outcome = menu.press(key);
  return outcome;
}

json::Value answered(const QuestionMenu& menu, std::optional<Outcome> outcome = Outcome::kChosen) {
  const auto answer = menu.answer(outcome);
  EXPECT_TRUE(answer.allowed);
  return json::parse(answer.updated_input_json).value();
}

std::string shown(const QuestionMenu& menu) {
  std::string text;
  for (const std::string& line : menu.render({80, 30}, kQuestionTheme).lines) text += clean(line) + "\n";
  return text;
}

TEST(QuestionMenuTest, AnOptionIsTheAnswerAndItsSketchIsShown) {
  QuestionMenu menu(kOne, kQuestionTheme);
  EXPECT_THAT(shown(menu), HasSubstr("Which store?\n❯ 1. SQLite  one file\n  2. Files  many\n"));
  EXPECT_THAT(shown(menu), HasSubstr("│ CREATE TABLE t;\n  │   more\n"));
  EXPECT_EQ(press(menu, "2"), Outcome::kChosen);
  EXPECT_EQ(answered(menu)["answers"], (json::Value{{"Which store?", "Files"}}));
  EXPECT_EQ(answered(menu)["questions"].size(), 1U);
}

TEST(QuestionMenuTest, TheAnswerMayBeThePersonsOwnWords) {
  QuestionMenu menu(kOne, kQuestionTheme);
  EXPECT_EQ(press(menu, "3"), Outcome::kOpen);
  EXPECT_EQ(press(menu, "\r"), Outcome::kOpen) << "nothing is no answer";
  EXPECT_EQ(press(menu, "3Postgres\r"), Outcome::kChosen);
  EXPECT_EQ(answered(menu)["answers"], (json::Value{{"Which store?", "Postgres"}}));
}

TEST(QuestionMenuTest, ANoteGoesAlong) {
  QuestionMenu menu(kOne, kQuestionTheme);
  EXPECT_EQ(press(menu, "\tin memory\r"), Outcome::kChosen);
  EXPECT_EQ(answered(menu)["answers"]["Which store?"], "SQLite");
  EXPECT_EQ(answered(menu)["annotations"]["Which store?"]["notes"], "in memory");
}

TEST(QuestionMenuTest, SeveralCanBeChosenAndOneWritten) {
  QuestionMenu menu(kTwo, kQuestionTheme);
  EXPECT_EQ(press(menu, "1"), Outcome::kOpen);
  EXPECT_THAT(shown(menu), HasSubstr("Parts  2 of 2"));
  EXPECT_EQ(press(menu, "1\x1b[B\x1b[B "), Outcome::kOpen);
  EXPECT_EQ(press(menu, "4a manual\r"), Outcome::kOpen);
  EXPECT_THAT(shown(menu), HasSubstr("[x] API"));
  EXPECT_THAT(shown(menu), HasSubstr("[ ] CLI"));
  EXPECT_EQ(press(menu, "\r"), Outcome::kChosen);
  EXPECT_EQ(answered(menu)["answers"]["Which parts?"], "API, Docs, a manual");
}

TEST(QuestionMenuTest, LeftOpenItStopsTheTurn) {
  QuestionMenu menu(kTwo, kQuestionTheme);
  const auto answer = menu.answer(press(menu, "\x1b"));
  EXPECT_FALSE(answer.allowed);
  EXPECT_TRUE(answer.interrupt);
}

TEST(QuestionMenuTest, WhoIsAwayAnswersWithWhatWasChosenUntilThen) {
  QuestionMenu menu(kTwo, kQuestionTheme);
  press(menu, "2");
  press(menu, "2");
  EXPECT_EQ(answered(menu, std::nullopt)["answers"],
            (json::Value{{"Which store?", "Files"}, {"Which parts?", "CLI"}}));
  EXPECT_THAT(menu.answer(std::nullopt).message, HasSubstr("away"));
}

}  // namespace
}  // namespace awl::tui
