#include "anthropic/custom_headers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace awl::anthropic {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string message_for(std::string_view text) {
  std::vector<std::string> problems;
  const auto headers = parse_custom_headers(text, problems);
  return headers ? "no error" : headers.error().message;
}

TEST(CustomHeaders, OnePairALine) {
  std::vector<std::string> problems;
  const auto headers = parse_custom_headers(
      "X-Team: tools\r\n\n  x-note :  a: b   c \nX-Empty:\nx-TEAM: other\nX-Accent: caf\xC3\xA9", problems);
  ASSERT_TRUE(headers.has_value());
  EXPECT_THAT(*headers, ElementsAre(net::Header{"X-Team", "other"}, net::Header{"x-note", "a: b   c"},
                                    net::Header{"X-Empty", ""}, net::Header{"X-Accent", "caf\xE9"}));
  EXPECT_TRUE(problems.empty());
}

TEST(CustomHeaders, LinesThatAreNoPairsAreLeftOutAndNamed) {
  std::vector<std::string> problems;
  const auto headers = parse_custom_headers("secret words\n: value\nX-A: 1", problems);
  ASSERT_TRUE(headers.has_value());
  EXPECT_EQ(headers->size(), 1U);
  EXPECT_THAT(problems,
              ElementsAre(AllOf(HasSubstr("line 1"), Not(HasSubstr("secret"))), HasSubstr("line 2")));
}

TEST(CustomHeaders, WhatBelongsToTheConnectionStaysOurs) {
  std::vector<std::string> problems;
  const auto headers = parse_custom_headers(
      "Host: elsewhere\nContent-Length: 1\nX-Amz-Date: 20200101T000000Z\nX-B: 2", problems);
  ASSERT_TRUE(headers.has_value());
  EXPECT_THAT(*headers, ElementsAre(net::Header{"X-B", "2"}));
  EXPECT_EQ(problems.size(), 3U);
}

TEST(CustomHeaders, FaultsAreNamedByPositionWithoutTheText) {
  EXPECT_THAT(message_for("A: 1\nX-Key: \xE2\x80\x9Csecret\xE2\x80\x9D"),
              AllOf(HasSubstr("ANTHROPIC_CUSTOM_HEADERS"), HasSubstr("value of header 2 of 2"),
                    HasSubstr("a curly quote at character 1"), Not(HasSubstr("secret"))));
  EXPECT_THAT(message_for("X-Key: ab\xE2\x80\x8B"), HasSubstr("a zero-width space at character 3"));
  EXPECT_THAT(message_for("X-Key: \xC3\xA9\xC3\xA9\xE4\xB8\xAD"),
              HasSubstr("a non-ASCII character at character 3"));
  EXPECT_THAT(message_for("X Key: v"), HasSubstr("the name of header 1 of 1 has white space at character 2"));
  EXPECT_THAT(message_for("X-K\xC3\xA9y: v"), HasSubstr("a non-ASCII character at character 4"));
  EXPECT_THAT(message_for("X-Key: a\rb"), HasSubstr("a line break at character 2"));
  EXPECT_THAT(message_for(std::string_view("X-Key: a\0b", 10)), HasSubstr("a zero byte at character 2"));
  EXPECT_THAT(message_for("X-Key: a\x01"), HasSubstr("a control character"));
  EXPECT_THAT(message_for("X-Key: a\xFF"), HasSubstr("a byte that is no UTF-8 at character 2"));
  EXPECT_EQ(message_for("X-Key: a\tb"), "no error");
  EXPECT_EQ(message_for(""), "no error");
}

}  // namespace
}  // namespace awl::anthropic
