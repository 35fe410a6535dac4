#include "agent/system_prompt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace awl::agent {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;

TEST(SystemPrompt, OursThenFactsThenWhatIsAppended) {
  const auto parts = build_system_prompt({.replacement = {}, .appended = "TAIL"}, "FACTS");
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_GT(parts[0].size(), 1000U);
  EXPECT_EQ(parts[1], "FACTS\nTAIL");
}

TEST(SystemPrompt, AReplacementStandsAlone) {
  EXPECT_THAT(build_system_prompt({.replacement = "ONLY", .appended = "TAIL"}, "FACTS"),
              ElementsAre("ONLY", "TAIL"));
  EXPECT_TRUE(build_system_prompt({.replacement = "", .appended = ""}, "FACTS").empty());
}

TEST(SystemPrompt, FactsMayGoIntoTheFirstMessage) {
  const auto parts = build_system_prompt({.appended = "AP", .facts_in_message = true}, "FACTS");
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[1], "AP");
  EXPECT_EQ(build_system_prompt({.facts_in_message = true}, "FACTS").size(), 1U);
  EXPECT_NE(facts_message("FACTS").find("FACTS"), std::string::npos);
}

TEST(SystemPrompt, TheShortOneIsShort) {
  const auto parts = build_system_prompt({.short_prompt = true}, "FACTS");
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_LT(parts[0].size(), 400U);
  EXPECT_EQ(parts[1], "FACTS");
}

}  // namespace
}  // namespace awl::agent
