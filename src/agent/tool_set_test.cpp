#include "agent/tool_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/registry.h"

namespace awl::agent {
namespace {

using ::testing::Contains;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

std::vector<std::string> offered(const ToolSelection& selection,
                                 const std::vector<std::string>& denied = {}) {
  permission::Rules rules;
  for (const std::string& text : denied) rules.deny.push_back(*permission::parse_rule(text, "test", "/"));
  return ToolSet(tools::make_builtin_tools(), selection, rules).names();
}

TEST(ToolSet, SearchToolsComeWhenNamedOrWithoutBash) {
  EXPECT_THAT(offered({}), Contains("Bash"));
  EXPECT_THAT(offered({}), Not(Contains("Grep")));
  EXPECT_THAT(offered({.only = {}, .named = {"Grep"}}), Contains("Grep"));
  EXPECT_THAT(offered({}, {"Bash"}), Contains("Glob"));
  EXPECT_THAT(offered({}, {"Bash"}), Not(Contains("Bash")));
}

TEST(ToolSet, TheFlagNamesExactlyTheTools) {
  EXPECT_THAT(offered({.only = {{"Grep", "Read"}}, .named = {}}), UnorderedElementsAre("Grep", "Read"));
  EXPECT_TRUE(offered({.only = std::vector<std::string>{}, .named = {}}).empty());
  EXPECT_THAT(offered({.only = {{"default"}}, .named = {}}), Contains("Edit"));
}

TEST(ToolSet, DefinitionsAreTheSameBytesEachTime) {
  const permission::Rules rules;
  const ToolSet a(tools::make_builtin_tools(), {}, rules);
  const ToolSet b(tools::make_builtin_tools(), {}, rules);
  EXPECT_EQ(a.definitions(), b.definitions());
  EXPECT_EQ(a.definitions().size(), a.names().size());
}

}  // namespace
}  // namespace awl::agent
