#include "tui/completion.h"

#include <gmock/gmock.h>

#include <filesystem>

namespace awl::tui {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

class CompletionTest : public testing::Test {
 protected:
  CompletionTest() {
    folder_ = *os::make_private_directory(std::filesystem::temp_directory_path(), "awl-completion-");
    for (const char* name : {"src", ".git", ".hidden"}) (void)os::make_directories(folder_ / name);
    for (const char* name : {"README.md", "src/main.cpp", "src/map.cpp"})
      (void)os::write_file_atomic(folder_ / name, "");
  }
  ~CompletionTest() override { std::filesystem::remove_all(folder_); }

  std::vector<Candidate> candidates(std::string_view text) {
    return complete(text, text.size(), {{"clear", ""}, {"compact", ""}, {"review-pr", ""}}, folder_)
        .candidates;
  }

  os::Path folder_;
};

auto text(const std::string& expected) { return Field(&Candidate::text, expected); }

TEST_F(CompletionTest, CommandsThatBeginSoStandFirst) {
  EXPECT_THAT(candidates("/c"), ElementsAre(text("/clear "), text("/compact ")));
  EXPECT_THAT(candidates("/pr"), ElementsAre(text("/review-pr ")));
  EXPECT_THAT(candidates("/clear x"), IsEmpty());
  EXPECT_THAT(candidates("see /c"), IsEmpty());
}

TEST_F(CompletionTest, FilesFollowAnAt) {
  EXPECT_THAT(candidates("see @"), ElementsAre(text("@README.md "), text("@src/")));
  EXPECT_THAT(candidates("see @src/MA"), ElementsAre(text("@src/main.cpp "), text("@src/map.cpp ")));
  EXPECT_THAT(candidates("@.h"), ElementsAre(text("@.hidden/")));
  EXPECT_THAT(candidates("@nowhere/x"), IsEmpty());
  EXPECT_EQ(complete("see @s", 6, {}, folder_).begin, 4U);
}

}  // namespace
}  // namespace awl::tui
