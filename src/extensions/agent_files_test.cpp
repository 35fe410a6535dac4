#include "extensions/agent_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "extensions/output_style.h"

namespace awl::extensions {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(AgentFiles, AFileDefinesOne) {
  std::string problem;
  const auto agent = parse_agent(
      "---\nname: rev\ndescription: Reviews\ntools: Read, Bash\nmodel: sonnet\nmaxTurns: 5\nskills: [a, b]\n"
      "isolation: worktree\n---\n\nYou review.\n",
      problem);
  ASSERT_TRUE(agent);
  EXPECT_EQ(agent->prompt, "You review.");
  EXPECT_THAT(*agent->tools, ElementsAre("Read", "Bash"));
  EXPECT_EQ(agent->max_turns, 5);
  EXPECT_TRUE(agent->isolated);
  EXPECT_THAT(agent->skills, ElementsAre("a", "b"));
}

TEST(AgentFiles, WhatDefinesNone) {
  std::string problem;
  EXPECT_FALSE(parse_agent("just notes", problem));
  EXPECT_EQ(problem, "") << "documentation beside agents";
  EXPECT_FALSE(parse_agent("---\nname: a:b\ndescription: d\n---\n", problem));
  EXPECT_THAT(problem, HasSubstr("a:b"));
  EXPECT_FALSE(parse_agent("---\nname: x\n---\n", problem));
  EXPECT_THAT(problem, HasSubstr("description"));
  EXPECT_FALSE(parse_agent("---\n{ broken\n---\n", problem));
  EXPECT_NE(problem, "");
}

TEST(AgentFiles, FromJson) {
  const auto agents = parse_agents_json(
      {{"j", {{"description", "d"}, {"prompt", "p"}, {"tools", {"Read"}}, {"disallowedTools", {"Bash"}}}}},
      "--agents");
  ASSERT_TRUE(agents);
  EXPECT_EQ(agents->front().name, "j");
  EXPECT_THAT(*agents->front().tools, ElementsAre("Read"));
  EXPECT_FALSE(parse_agents_json({{"j", {{"description", "d"}}}}, "--agents"));
  EXPECT_FALSE(parse_agents_json(json::Value::array(), "--agents"));
}

TEST(AgentFiles, TheNearestOfANameCounts) {
  const auto root =
      os::make_private_directory(std::filesystem::temp_directory_path(), "awl-agents-test-").value();
  const auto write = [&root](const std::string& name, const std::string& description) {
    std::filesystem::create_directories((root / name).parent_path());
    ASSERT_TRUE(
        os::write_file_atomic(root / name, "---\nname: a\ndescription: " + description + "\n---\nP", 0644));
  };
  std::filesystem::create_directories(root / "repo/.git");
  write("repo/app/.claude/agents/deep/a.md", "near");
  write("repo/.claude/agents/a.md", "far");
  write("home/agents/a.md", "person");
  std::vector<std::string> problems;
  const auto agents =
      find_agents({root / "home", root / "managed", root / "repo/app", {}, true, true}, problems);
  ASSERT_EQ(agents.size(), 1U);
  EXPECT_EQ(agents.front().description, "near");
  EXPECT_TRUE(agents.front().of_project);
  std::filesystem::remove_all(root);
}

TEST(OutputStyles, FilesAndBuiltIn) {
  const auto root =
      os::make_private_directory(std::filesystem::temp_directory_path(), "awl-styles-test-").value();
  ASSERT_TRUE(os::write_file_atomic(root / "pirate.md",
                                    "---\nname: Pirate\nkeep-coding-instructions: true\n---\nArr.", 0644));
  const auto style = find_output_style("Pirate", {root});
  ASSERT_TRUE(style);
  EXPECT_EQ(style->text, "Arr.");
  EXPECT_TRUE(style->keeps_coding_instructions);
  EXPECT_FALSE(find_output_style("pirate", {root}));
  EXPECT_TRUE(find_output_style("explanatory", {}));
  EXPECT_FALSE(find_output_style("default", {root}));
  EXPECT_THAT(list_output_styles({root}), Contains("Pirate"));
  std::filesystem::remove_all(root);
}

}  // namespace
}  // namespace awl::extensions
