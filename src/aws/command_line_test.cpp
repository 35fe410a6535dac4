#include "aws/command_line.h"

#include <gmock/gmock.h>

namespace awl::aws {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> words(std::string_view text) {
  return split_command_line(text).value_or(std::vector<std::string>{"error"});
}

TEST(CommandLine, WordsQuotesAndBackslashes) {
  EXPECT_THAT(words("/bin/tool --a b"), ElementsAre("/bin/tool", "--a", "b"));
  EXPECT_THAT(words("  tool\t'a b' \"c 'd'\"  "), ElementsAre("tool", "a b", "c 'd'"));
  EXPECT_THAT(words(R"(tool a\ b 'c\d' "e\f" "g\"h\\")"),
              ElementsAre("tool", "a b", R"(c\d)", R"(e\f)", R"(g"h\)"));
  EXPECT_THAT(words("tool '' x''y"), ElementsAre("tool", "", "xy"));
  EXPECT_THAT(words("tool $HOME `id` ; rm *"), ElementsAre("tool", "$HOME", "`id`", ";", "rm", "*"));
}

TEST(CommandLine, WhatIsNoCommand) {
  for (const char* text : {"", "   ", "tool 'open", "tool \"open", "'' x"})
    EXPECT_FALSE(split_command_line(text)) << text;
}

}  // namespace
}  // namespace awl::aws
