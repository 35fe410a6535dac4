#include "os/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/uuid.h"

namespace awl::os {
namespace {

class FileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = make_private_directory(std::filesystem::temp_directory_path(), "awl-file-test-");
    ASSERT_TRUE(made.has_value());
    folder = *made;
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  Path folder;
};

TEST_F(FileTest, WritesAndReadsBack) {
  ASSERT_TRUE(write_file_atomic(folder / "a", "one", 0600).has_value());
  EXPECT_EQ(*read_file(folder / "a"), "one");
  EXPECT_EQ(stat(folder / "a")->mode, 0600U);
}

TEST_F(FileTest, ReplacingKeepsTheModeAndTheLink) {
  ASSERT_TRUE(write_file_atomic(folder / "a", "one").has_value());
  ASSERT_EQ(::chmod((folder / "a").c_str(), 0751), 0);
  ASSERT_EQ(::symlink("a", (folder / "link").c_str()), 0);
  ASSERT_TRUE(write_file_atomic(folder / "link", "two").has_value());
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
  EXPECT_EQ(*read_file(folder / "a"), "two");
  EXPECT_EQ(stat(folder / "a")->mode, 0751U);
  EXPECT_EQ(list_directory(folder)->size(), 2U) << "no temporary file is left";
}

TEST_F(FileTest, ErrorsNameThePath) {
  const auto missing = read_file(folder / "none");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().kind, ErrorKind::kNotFound);
  EXPECT_NE(missing.error().message.find("none"), std::string::npos);
  EXPECT_EQ(read_file(folder).error().kind, ErrorKind::kInvalidInput);
}

TEST_F(FileTest, ALimitIsKept) {
  ASSERT_TRUE(write_file_atomic(folder / "a", "12345").has_value());
  EXPECT_TRUE(read_file(folder / "a", 5).has_value());
  EXPECT_EQ(read_file(folder / "a", 4).error().kind, ErrorKind::kInvalidInput);
}

TEST_F(FileTest, MakesAllFolders) {
  ASSERT_TRUE(make_directories(folder / "x/y/z").has_value());
  EXPECT_TRUE(is_folder(folder / "x/y/z"));
  ASSERT_TRUE(write_file_atomic(folder / "plain", "").has_value());
  EXPECT_FALSE(make_directories(folder / "plain/z").has_value());
}

}  // namespace
}  // namespace awl::os
