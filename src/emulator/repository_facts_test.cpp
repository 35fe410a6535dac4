#include "emulator/repository_facts.h"

#include <gtest/gtest.h>

namespace awl::emulator {
namespace {

constexpr std::string_view kReadme =
    "<p align=center></p>\n# Ferry\n\n[![build](x)](y)\n\nCarries parcels\nover water.\n\n## "
    "Building\n\nSo:\n\n```sh\nmake "
    "all\nmake test\n```\n\n## Other\n\n```\nno\n```\n";

TEST(RepositoryFacts, ReadsAReadme) {
  EXPECT_EQ(first_heading(kReadme), "Ferry");
  EXPECT_EQ(first_paragraph(kReadme), "Carries parcels over water.");
  EXPECT_EQ(build_block(kReadme), "make all\nmake test");
  EXPECT_EQ(first_heading("\nplain start\nmore"), "plain start");
  EXPECT_EQ(first_heading(""), "");
  EXPECT_EQ(build_block("# x\n```\ny\n```\n"), "");
}

TEST(RepositoryFacts, Counts) {
  const std::vector<std::string> files = {"CMakeLists.txt", "src/a.cpp", "src/b.cc",
                                          "src/c.PY",       "docs/x.md", ".gitignore"};
  const auto languages = count_languages(files);
  ASSERT_FALSE(languages.empty());
  EXPECT_EQ(languages[0], (std::pair<std::string, size_t>("C++", 2)));
  EXPECT_EQ(languages.size(), 4U);
  EXPECT_EQ(count_folders(files)[0], (std::pair<std::string, size_t>("src", 3)));
}

TEST(RepositoryFacts, HintsAtTheBuild) {
  EXPECT_TRUE(build_hint("CMakeLists.txt", "").contains("cmake --build"));
  EXPECT_EQ(build_hint("package.json", R"({"scripts":{"test":"x","lint":"y"}})"),
            "`npm install`; its scripts: `npm run test`, `npm run lint`");
  EXPECT_EQ(build_hint("package.json", "{"), "`npm install`");
  EXPECT_EQ(build_hint("unknown", ""), "");
}

}  // namespace
}  // namespace awl::emulator
