#include "json/raw.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "json/json.h"

namespace awl::json {
namespace {

using ::testing::ElementsAre;

TEST(Raw, StrictIsWhatTheParserTakesAsItIs) {
  for (const char* text : {"{}", " [1, -2.5, 0, 0.25] ",
                           R"({"a":{"b":[true,false,null,"x\n\u00e9\ud83d\ude00"]}})", "\"\xC3\xA9\"", "3"}) {
    EXPECT_TRUE(is_strict(text)) << text;
    EXPECT_TRUE(parse(text)) << text;
  }
  for (const char* text :
       {"",         "{",     "{\"a\":1", "[1,]",   "{\"a\" 1}",  "{a:1}",      "01",          "1.",
        "-",        "+1",    "tru",      "\"\t\"", "\"\\x\"",    "\"a",        "\"\\ud800\"", "\"\\udc00\"",
        "\"\xC3\"", "{} {}", "[1 2]",    "nul",    "{\"a\":1,}", "\"\\u12g4\""})
    EXPECT_FALSE(is_strict(text)) << text;
}

TEST(Raw, WhatIsNestedTooDeepOrMayBeTooLargeIsLeftToTheParser) {
  EXPECT_FALSE(is_strict(std::string(600, '[') + std::string(600, ']')));
  EXPECT_FALSE(is_strict("1e999"));
  EXPECT_FALSE(is_strict(std::string(400, '9')));
}

// Whatever is cut off a text, or changed in it: what is strict can be parsed.
TEST(Raw, AgreesWithTheParserOnMutations) {
  const std::string text = R"({"type":"user","n":[1,-2.5,{"k\"":"v\\"}],"e":"\ud83d\ude00","t":true})";
  for (size_t i = 0; i < text.size(); ++i) {
    EXPECT_FALSE(is_strict(text.substr(0, i)) && !parse(text.substr(0, i)));
    for (const char c : {'"', '\\', '{', '}', ',', ':', '0', ' ', 'u'}) {
      std::string changed = text;
      changed[i] = c;
      if (is_strict(changed)) EXPECT_TRUE(parse(changed).has_value()) << changed;
    }
  }
}

TEST(Raw, MembersAndElementsKeepTheirBytes) {
  const std::string text = R"( { "a" : [ 1 , {"x":"]"} , "s,\"" ] , "b":{"c":"d\u0041"}, "a":2 } )";
  std::vector<std::string_view> keys;
  for (const RawMember& member : raw_members(text)) keys.push_back(member.key);
  EXPECT_THAT(keys, ElementsAre("\"a\"", "\"b\"", "\"a\""));
  EXPECT_EQ(raw_member(text, "a"), "2") << "the last one counts";
  EXPECT_THAT(raw_elements(raw_members(text)[0].value), ElementsAre("1", R"({"x":"]"})", R"("s,\"")"));
  EXPECT_EQ(raw_text(raw_member(text, "b"), "c"), "dA");
  EXPECT_EQ(raw_text(text, "none"), "");
  EXPECT_TRUE(raw_members("[]").empty());
  EXPECT_TRUE(raw_elements("{}").empty());
  EXPECT_EQ(raw_string("3"), std::nullopt);
}

}  // namespace
}  // namespace awl::json
