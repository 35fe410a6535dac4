#include "extensions/skill_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "os/path.h"

namespace awl::extensions {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class SkillFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    root = os::make_private_directory(std::filesystem::temp_directory_path(), "awl-skills-test-").value();
    options = {root / "home", root / "managed", root / "repo" / "app", {}, true, true};
    std::filesystem::create_directories(root / "repo" / ".git");
    std::filesystem::create_directories(root / "repo" / "app");
  }
  void TearDown() override { std::filesystem::remove_all(root); }

  void write(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories((root / name).parent_path());
    ASSERT_TRUE(os::write_file_atomic(root / name, text, 0644));
  }
  std::vector<std::string> names() {
    std::vector<std::string> found;
    for (const Skill& skill : find_skills(options, problems)) found.push_back(skill.name);
    return found;
  }
  const Skill* find(std::vector<Skill>& skills, std::string_view name) const {
    for (const Skill& skill : skills) {
      if (skill.name == name) return &skill;
    }
    return nullptr;
  }

  os::Path root;
  SkillOptions options;
  std::vector<std::string> problems;
};

TEST_F(SkillFilesTest, EveryPlaceIsLookedAt) {
  write("managed/.claude/skills/m/SKILL.md", "M");
  write("home/skills/u/SKILL.md", "U");
  write("home/commands/uc.md", "UC");
  write("repo/.claude/skills/top/SKILL.md", "T");
  write("repo/app/.claude/skills/p/SKILL.md", "P");
  write("repo/app/.claude/commands/front/comp.md", "C");
  write("repo/app/.claude/skills/empty/notes.md", "no skill");
  EXPECT_THAT(names(), UnorderedElementsAre("m", "u", "uc", "top", "p", "front:comp"));
  options.user = false;
  EXPECT_THAT(names(), UnorderedElementsAre("m", "top", "p", "front:comp"));
}

TEST_F(SkillFilesTest, TheFirstOfANameCounts) {
  write("home/skills/x/SKILL.md", "---\ndescription: the person's\n---\n");
  write("repo/app/.claude/skills/x/SKILL.md", "---\ndescription: the project's\n---\n");
  write("repo/app/.claude/commands/x.md", "a command");
  auto skills = find_skills(options, problems);
  ASSERT_EQ(skills.size(), 1U);
  EXPECT_EQ(skills.front().description, "the person's");
}

TEST_F(SkillFilesTest, FieldsAsPeopleWriteThem) {
  write("home/skills/x/SKILL.md",
        "---\ndescription: Does X\nwhen_to_use: when Y\ndisable-model-invocation: Yes\nuser-invocable: off\n"
        "allowed-tools: Bash(git add *) Read, Edit\narguments: [a, b]\ncontext: fork\nmodel: "
        "inherit\n---\nBody\n");
  auto skills = find_skills(options, problems);
  const Skill* x = find(skills, "x");
  ASSERT_NE(x, nullptr);
  EXPECT_EQ(x->description, "Does X when Y");
  EXPECT_FALSE(x->for_model);
  EXPECT_FALSE(x->for_person);
  EXPECT_THAT(x->allowed_tools, ElementsAre("Bash(git add *)", "Read", "Edit"));
  EXPECT_THAT(x->argument_names, ElementsAre("a", "b"));
  EXPECT_TRUE(x->fork);
  EXPECT_EQ(x->model, "");
  EXPECT_EQ(x->body, "Body\n");
  EXPECT_EQ(x->folder, root / "home" / "skills" / "x");
}

TEST_F(SkillFilesTest, WithoutADescriptionTheFirstParagraphIsOne) {
  write("home/commands/c.md", "# Fix it\n\nmore\n");
  auto skills = find_skills(options, problems);
  EXPECT_EQ(skills.front().description, "Fix it");
}

TEST_F(SkillFilesTest, FrontMatterThatIsBrokenIsTold) {
  write("home/skills/x/SKILL.md", "---\n: [\n---\nBody");
  auto skills = find_skills(options, problems);
  ASSERT_EQ(skills.size(), 1U);
  EXPECT_THAT(problems, ElementsAre(HasSubstr("SKILL.md")));
}

TEST_F(SkillFilesTest, APluginsStandBehindItsName) {
  write("plug/skills/s/SKILL.md", "S");
  write("plug/commands/c.md", "C");
  std::vector<Skill> skills;
  Plugin plugin;
  plugin.name = "my";
  plugin.root = root / "plug";
  plugin.skills = {root / "plug/skills"};
  plugin.commands = {root / "plug/commands"};
  add_plugin_skills(plugin, skills, problems);
  ASSERT_EQ(skills.size(), 2U);
  EXPECT_NE(find(skills, "my:s"), nullptr);
  EXPECT_EQ(find(skills, "my:c")->plugin_root, root / "plug");
}

}  // namespace
}  // namespace awl::extensions
