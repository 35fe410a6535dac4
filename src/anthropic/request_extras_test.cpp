#include "anthropic/request_extras.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace awl::anthropic {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using Variables = std::map<std::string, std::string, std::less<>>;

Result<RequestExtras> read(Variables variables, std::vector<std::string> betas = {}) {
  std::vector<std::string> problems;
  return read_request_extras(Environment(std::move(variables)), betas, problems);
}

TEST(RequestExtras, BetasOfTheVariableTheFlagAndTheHeaderJoin) {
  const auto extras = read({{"ANTHROPIC_BETAS", " a-1 , b-2,,a-1"},
                            {"ANTHROPIC_CUSTOM_HEADERS", "Anthropic-Beta: d-4, a-1\nX-Other: x"}},
                           {"c-3,b-2"});
  ASSERT_TRUE(extras.has_value());
  EXPECT_THAT(extras->betas, ElementsAre("a-1", "b-2", "c-3", "d-4"));
  EXPECT_THAT(extras->headers, ElementsAre(net::Header{"X-Other", "x"}));
  EXPECT_TRUE(extras->experimental);
  EXPECT_FALSE(read({{"CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS", "yes"}})->experimental);
}

TEST(RequestExtras, ABetaThatIsNoNameIsAnError) {
  const auto extras = read({{"ANTHROPIC_BETAS", "fine,not fine"}});
  ASSERT_FALSE(extras.has_value());
  EXPECT_THAT(extras.error().message, AllOf(HasSubstr("ANTHROPIC_BETAS"), HasSubstr("value 2")));
  EXPECT_THAT(read({}, {"line\nbreak"}).error().message, HasSubstr("--betas"));
}

TEST(RequestExtras, TheBodyIsAnObjectTakenFieldByField) {
  const auto extras =
      read({{"CLAUDE_CODE_EXTRA_BODY", R"( {"inference_geo":"us","top_k":5,"x":{"y":null}} )"}});
  ASSERT_TRUE(extras.has_value());
  EXPECT_THAT(extras->body,
              ElementsAre(Pair("inference_geo", R"("us")"), Pair("top_k", "5"), Pair("x", R"({"y":null})")));
  EXPECT_EQ(extras->body_string("inference_geo"), "us");
  EXPECT_EQ(extras->body_string("top_k"), "");
  EXPECT_TRUE(read({{"CLAUDE_CODE_EXTRA_BODY", "  "}})->body.empty());
}

TEST(RequestExtras, WhatIsNoObjectIsAnErrorThatNamesTheVariable) {
  for (const char* text : {"{", "[1]", "\"us\"", "us", "null", "{\"a\":}"}) {
    const auto extras = read({{"CLAUDE_CODE_EXTRA_BODY", text}});
    ASSERT_FALSE(extras.has_value()) << text;
    EXPECT_THAT(extras.error().message, HasSubstr("CLAUDE_CODE_EXTRA_BODY")) << text;
  }
}

TEST(RequestExtras, TheConversationAndItsStreamAreNotOverridden) {
  std::vector<std::string> problems;
  const auto extras = read_request_extras(
      Environment({{"CLAUDE_CODE_EXTRA_BODY", R"({"messages":[],"stream":false,"a":1})"}}), {}, problems);
  ASSERT_TRUE(extras.has_value());
  EXPECT_THAT(extras->body, ElementsAre(Pair("a", "1")));
  EXPECT_THAT(problems, ElementsAre(HasSubstr("messages"), HasSubstr("stream")));
}

}  // namespace
}  // namespace awl::anthropic
