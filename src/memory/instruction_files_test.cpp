#include "memory/instruction_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "os/path.h"

namespace awl::memory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class InstructionFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = os::resolve_links(
        os::make_private_directory(std::filesystem::temp_directory_path(), "awl-memory-").value());
    std::filesystem::create_directories(root_ / "home/.claude");
    std::filesystem::create_directories(root_ / "top/work");
    options_.home = root_ / "home";
    options_.claude_dir = root_ / "home/.claude";
    options_.managed_dir = root_ / "managed";
    options_.project_dir = root_ / "top/work";
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  void put(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((root_ / name).parent_path());
    ASSERT_TRUE(os::write_file_atomic(root_ / name, text));
  }
  static std::vector<std::string> texts(const std::vector<Instructions>& files) {
    std::vector<std::string> texts;
    for (const Instructions& file : files) texts.push_back(file.text);
    return texts;
  }
  std::vector<std::string> load() { return texts(InstructionFiles(options_).load()); }

  os::Path root_;
  InstructionOptions options_;
};

TEST_F(InstructionFilesTest, FromTheMostGeneralToTheNearest) {
  put("managed/CLAUDE.md", "managed");
  put("home/.claude/CLAUDE.md", "user");
  put("home/.claude/rules/a.md", "user rule");
  put("top/CLAUDE.md", "top");
  put("top/work/CLAUDE.md", "project");
  put("top/work/.claude/CLAUDE.md", "dot");
  put("top/work/.claude/rules/r.md", "rule");
  put("top/work/CLAUDE.local.md", "local");
  put("top/work/AGENTS.md", "agents");
  options_.managed_text = "setting";
  EXPECT_THAT(load(), ElementsAre("setting", "managed", "user", "user rule", "top", "project", "dot", "rule",
                                  "local"));
  options_.project = false;
  EXPECT_THAT(load(), ElementsAre("setting", "managed", "user", "user rule", "local"));
}

TEST_F(InstructionFilesTest, ImportsOfAProjectStayInIt) {
  put("home/secret.md", "secret");
  put("home/.claude/CLAUDE.md", "user @~/own.md");
  put("home/own.md", "own");
  put("top/work/CLAUDE.md", "project @a.md @~/secret.md @../outside.md");
  put("top/outside.md", "outside");
  put("top/work/a.md", "a @CLAUDE.md");
  std::filesystem::create_symlink(root_ / "home/secret.md", root_ / "top/work/link.md");
  put("top/work/.claude/CLAUDE.md", "@link.md @../link.md");
  EXPECT_THAT(load(), ElementsAre("user @~/own.md", "own", "project @a.md @~/secret.md @../outside.md",
                                  "a @CLAUDE.md", "@link.md @../link.md"));
}

TEST_F(InstructionFilesTest, NestedFilesAndRulesComeOnceWithWhatIsRead) {
  put("top/work/sub/CLAUDE.md", "sub");
  put("top/work/sub/deep/CLAUDE.md", "deep");
  put("top/work/.claude/rules/ts.md", "---\npaths: \"src/**/*.{ts,tsx}\"\n---\nts");
  put("top/work/.claude/rules/odd.md", "---\npaths: [\"[\"]\n---\nnever");
  InstructionFiles files(options_);
  EXPECT_THAT(files.load(), IsEmpty());
  EXPECT_THAT(files.load_for(root_ / "top/work/a.ts"), IsEmpty());
  EXPECT_THAT(texts(files.load_for(root_ / "top/work/sub/deep/f.txt")), ElementsAre("sub", "deep"));
  EXPECT_THAT(files.load_for(root_ / "top/work/sub/g.txt"), IsEmpty());
  EXPECT_THAT(texts(files.load_for(root_ / "top/work/src/a/b.tsx")), ElementsAre("ts"));
  EXPECT_THAT(files.load_for(root_ / "top/work/src/c.ts"), IsEmpty());
  EXPECT_THAT(files.load_for(root_ / "elsewhere/CLAUDE.md"), IsEmpty());
}

TEST_F(InstructionFilesTest, Excludes) {
  put("top/CLAUDE.md", "top");
  put("top/work/CLAUDE.md", "project");
  put("top/work/.claude/rules/r.md", "rule");
  put("managed/CLAUDE.md", "managed");
  options_.excludes = {(root_ / "top/CLAUDE.md").string(), "**/.claude/rules/**",
                       (root_ / "managed/CLAUDE.md").string()};
  EXPECT_THAT(load(), ElementsAre("managed", "project"));
}

TEST_F(InstructionFilesTest, RuleFoldersInACircleEnd) {
  put("top/work/.claude/rules/r.md", "rule");
  std::filesystem::create_directory_symlink(root_ / "top/work/.claude/rules",
                                            root_ / "top/work/.claude/rules/again");
  EXPECT_THAT(load(), ElementsAre("rule"));
}

TEST_F(InstructionFilesTest, TheIndexOfNotesIsCut) {
  std::string lines;
  for (int i = 0; i < 300; ++i) lines += "line " + std::to_string(i) + "\n";
  put("notes/MEMORY.md", lines);
  options_.auto_memory = root_ / "notes/MEMORY.md";
  const auto loaded = load();
  ASSERT_EQ(loaded.size(), 1U);
  EXPECT_TRUE(loaded[0].ends_with("line 199\n"));
}

TEST_F(InstructionFilesTest, TheModelIsToldWhereEachTextComesFrom) {
  put("top/work/CLAUDE.md", "Use tabs.\n");
  InstructionFiles files(options_);
  const std::string text = describe(files.load());
  EXPECT_THAT(
      text, HasSubstr("/top/work/CLAUDE.md (instructions of the project, checked in with it)\n\nUse tabs."));
  EXPECT_EQ(describe(std::vector<Instructions>{}), "");
}

}  // namespace
}  // namespace awl::memory
