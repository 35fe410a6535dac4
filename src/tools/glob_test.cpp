#include <gmock/gmock.h>

#include <boost/system/system_error.hpp>

#include "async/task_group.h"
#include "tools/builtin.h"
#include "tools/glob_pattern.h"
#include "tools/tool_fixture.h"

namespace awl::tools {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

bool matches(std::string_view pattern, std::string_view path, bool any_depth = false) {
  const auto compiled = GlobPattern::compile(pattern, any_depth);
  return compiled && compiled->matches(path);
}

TEST(GlobPattern, Matches) {
  EXPECT_TRUE(matches("*.js", "a.js"));
  EXPECT_FALSE(matches("*.js", "d/a.js"));
  EXPECT_TRUE(matches("*.js", "d/e/a.js", true));
  EXPECT_TRUE(matches("**/*.js", "a.js"));
  EXPECT_TRUE(matches("**/*.js", "d/e/a.js"));
  EXPECT_TRUE(matches("src/**/x/*.ts", "src/x/a.ts"));
  EXPECT_TRUE(matches("src/**/x/*.ts", "src/a/x/b/x/a.ts"));
  EXPECT_FALSE(matches("src/**/x/*.ts", "src/a/x/b/a.ts"));
  EXPECT_TRUE(matches("src/**", "src/a/b"));
  EXPECT_FALSE(matches("src/**", "other/a"));
  EXPECT_TRUE(matches("src/", "src/a/b"));
  EXPECT_TRUE(matches("*.{json,y{a,}ml}", "a.yml"));
  EXPECT_TRUE(matches("{a/b,c}/x", "a/b/x"));
  EXPECT_TRUE(matches("?.txt", "\xC3\xA9.txt"));
  EXPECT_TRUE(matches("?.txt", "\xE9.txt"));
  EXPECT_TRUE(matches("[a-c]x", "bx"));
  EXPECT_FALSE(matches("[!a-c]x", "bx"));
  EXPECT_TRUE(matches("[]]x", "]x"));
  EXPECT_TRUE(matches("[x", "[x"));
  EXPECT_TRUE(matches("\\*", "*"));
  EXPECT_FALSE(matches("\\*", "a"));
  EXPECT_TRUE(matches("*", ".hidden"));
  EXPECT_TRUE(matches("{x", "{x"));
  EXPECT_FALSE(matches("a*a*a*a*a*a*a*a*b", std::string(200, 'a')));
}

TEST(GlobPattern, RefusesWhatItCannotServe) {
  EXPECT_FALSE(GlobPattern::compile("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}", false));
  EXPECT_FALSE(GlobPattern::compile("*/../x", false));
}

TEST(GlobPattern, SplitsTheLiteralFolder) {
  EXPECT_EQ(split_literal_folder("src/a/**/*.ts"),
            (std::pair<std::string_view, std::string_view>("src/a/", "**/*.ts")));
  EXPECT_EQ(split_literal_folder("src/{a,b}/x"),
            (std::pair<std::string_view, std::string_view>("src/", "{a,b}/x")));
  EXPECT_EQ(split_literal_folder("*.ts"), (std::pair<std::string_view, std::string_view>("", "*.ts")));
}

class GlobTest : public ToolFixture {
 protected:
  std::vector<std::string> glob(std::string_view input) {
    last = call(*tool, input);
    if (last.is_error) return {"error: " + last.text};
    return structured(last)["filenames"].get<std::vector<std::string>>();
  }
  std::unique_ptr<Tool> tool = make_glob_tool();
  ToolResult last;
};

TEST_F(GlobTest, NewestFirstHiddenAndIgnoredToo) {
  put("a.js", "");
  put("src/deep/b.js", "");
  put("src/.hidden/c.js", "");
  put("src/d.ts", "");
  put(".gitignore", "a.js\n");
  put(".git/x.js", "");
  touch("a.js", -10);
  touch("src/deep/b.js", 10);
  touch("src/.hidden/c.js", -5);
  EXPECT_THAT(glob(R"({"pattern":"**/*.js"})"), ElementsAre("src/deep/b.js", "src/.hidden/c.js", "a.js"));
  EXPECT_EQ(last.text, "src/deep/b.js\nsrc/.hidden/c.js\na.js");
  EXPECT_EQ(structured(last)["truncated"], false);
  EXPECT_THAT(glob(R"({"pattern":"*.ts"})"), ElementsAre("src/d.ts"));
  EXPECT_THAT(glob(R"({"pattern":"src/*.ts"})"), ElementsAre("src/d.ts"));
  EXPECT_THAT(glob(R"({"pattern":"*.js","path":"src/deep"})"), ElementsAre("src/deep/b.js"));
  EXPECT_THAT(glob(R"({"pattern":".git/*.js"})"), ElementsAre(".git/x.js"));
  EXPECT_THAT(glob(R"({"pattern":"none/*.js"})"), ElementsAre());
  EXPECT_THAT(glob(R"({"pattern":"*.nomatch"})"), ElementsAre());
  EXPECT_FALSE(last.is_error);
  EXPECT_THAT(last.text, HasSubstr("No files found"));
}

TEST_F(GlobTest, AbsolutePatternsAndParents) {
  put("x/one.c", "");
  put("y/two.c", "");
  EXPECT_THAT(glob(R"({"pattern":")" + folder.string() + R"(/x/*.c"})"), ElementsAre("x/one.c"));
  EXPECT_EQ(last_access.paths, std::vector<os::Path>{folder / "x"});
  session.cwd = folder / "x";
  EXPECT_THAT(glob(R"({"pattern":"../y/*.c"})"), ElementsAre((folder / "y/two.c").string()));
  EXPECT_EQ(last_access.paths, std::vector<os::Path>{folder / "y"});
  EXPECT_THAT(glob(R"({"pattern":"one.c"})"), ElementsAre("one.c"));
}

TEST_F(GlobTest, LinksDoNotLeadAstray) {
  put("d/a.txt", "");
  std::filesystem::create_directory_symlink(folder / "d", folder / "d/loop");
  std::filesystem::create_symlink(folder / "d/a.txt", folder / "b.txt");
  std::filesystem::create_symlink(folder / "none", folder / "c.txt");
  EXPECT_THAT(glob(R"({"pattern":"**/*.txt"})"), ::testing::UnorderedElementsAre("d/a.txt", "b.txt"));
  EXPECT_THAT(glob(R"({"pattern":"d/loop/*.txt"})"), ElementsAre("d/a.txt"));
  EXPECT_EQ(last_access.paths, std::vector<os::Path>{folder / "d"})
      << "what is checked is where the link goes";
}

TEST_F(GlobTest, AHundredAtMost) {
  for (int i = 0; i < 120; ++i) put(fmt::format("f{}.txt", i), "");
  touch("f7.txt", 50);
  EXPECT_EQ(glob(R"({"pattern":"*.txt"})").size(), 100U);
  EXPECT_EQ(structured(last)["filenames"][0], "f7.txt");
  EXPECT_EQ(structured(last)["truncated"], true);
  EXPECT_THAT(last.text, HasSubstr("100 newest of 120"));
}

TEST_F(GlobTest, DeniedFilesNeverShow) {
  put("a.txt", "");
  put("secret.txt", "");
  session.may_read = [&](const os::Path& path) { return path != folder / "secret.txt"; };
  EXPECT_THAT(glob(R"({"pattern":"*.txt"})"), ElementsAre("a.txt"));
  // A folder outside, which the person allowed.
  session.may_read = [](const os::Path&) { return false; };
  EXPECT_EQ(glob(R"({"pattern":"*.txt"})").size(), 2U);
}

TEST_F(GlobTest, WhatWasCheckedIsSearched) {
  put("in/allowed.txt", "");
  put("out/secret.txt", "");
  std::filesystem::create_directory_symlink("in", folder / "link");
  between = [this] {
    std::filesystem::remove(folder / "link");
    std::filesystem::create_directory_symlink("out", folder / "link");
  };
  EXPECT_THAT(glob(R"({"pattern":"link/*.txt"})"), ElementsAre(HasSubstr("allowed.txt")));
}

TEST_F(GlobTest, Mistakes) {
  put("f", "");
  EXPECT_THAT(glob(R"({"pattern":"a\u0000b"})"), ElementsAre(HasSubstr("null byte")));
  EXPECT_THAT(glob(R"({"pattern":"*","path":"a\u0000b"})"), ElementsAre(HasSubstr("null byte")));
  EXPECT_THAT(glob(R"({"pattern":"*","path":"none"})"), ElementsAre(HasSubstr("none")));
  EXPECT_THAT(glob(R"({"pattern":"*","path":"f"})"), ElementsAre(HasSubstr("not a folder")));
  EXPECT_THAT(glob(R"({"pattern":""})"), ElementsAre(HasSubstr("empty")));
}

TEST_F(GlobTest, StopsAtTheTimeLimitAndWhenCancelled) {
  for (int i = 0; i < 4000; ++i) put(fmt::format("f{}.txt", i), "");
  session.limits.glob_timeout = std::chrono::seconds(0);
  glob(R"({"pattern":"*.txt"})");
  EXPECT_THAT(last.text, HasSubstr("stopped after 0 s"));
  EXPECT_EQ(structured(last)["truncated"], true);

  session.limits.glob_timeout = std::chrono::seconds(20);
  bool ended = false;
  const json::Value input = *json::parse(R"({"pattern":"*.txt"})");
  const auto access = tool->access(input, session);
  const auto search = [&]() -> Task<> {
    auto result = co_await tool->run(input, *access, "", session);
    ended = !result.is_error;
  };
  const auto owner = [&]() -> Task<bool> {
    async::TaskGroup group(io.get_executor());
    group.spawn(search());
    co_await boost::asio::post(boost::asio::use_awaitable);
    group.cancel();
    co_await group.join();
    co_return true;
  };
  run(owner());
  EXPECT_FALSE(ended);
}

}  // namespace
}  // namespace awl::tools
