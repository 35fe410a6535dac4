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

}  // namespace
}  // namespace awl::agent
