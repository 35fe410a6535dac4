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

// Root may write everything: an ordinary user for one test.
class AsNobody {
 public:
  explicit AsNobody(const Path& folder) {
    if (::geteuid() != 0) return;
    EXPECT_EQ(::chown(folder.c_str(), kNobody, kNobody), 0);
    EXPECT_EQ(::seteuid(kNobody), 0);
    changed_ = true;
  }
  ~AsNobody() {
    if (changed_) EXPECT_EQ(::seteuid(0), 0);
  }

 private:
  static constexpr uid_t kNobody = 65534;
  bool changed_ = false;
};

TEST_F(FileTest, AReadOnlyFileIsNotReplaced) {
  const AsNobody nobody(folder);
  ASSERT_TRUE(write_file_atomic(folder / "a", "one", 0444).has_value());
  const auto written = write_file_atomic(folder / "a", "two");
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().kind, ErrorKind::kPermissionDenied);
  EXPECT_EQ(*read_file(folder / "a"), "one");
  EXPECT_EQ(list_directory(folder)->size(), 1U);
}

TEST_F(FileTest, AllNamesOfAFileGetTheNewText) {
  ASSERT_TRUE(write_file_atomic(folder / "a", "a longer text").has_value());
  std::filesystem::create_hard_link(folder / "a", folder / "b");
  ASSERT_TRUE(write_file_atomic(folder / "b", "two").has_value());
  EXPECT_EQ(*read_file(folder / "a"), "two");
  EXPECT_EQ(stat(folder / "a")->inode, stat(folder / "b")->inode);
}

TEST_F(FileTest, OwnerAndGroupAreKept) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  ASSERT_TRUE(write_file_atomic(folder / "a", "one", 0666).has_value());
  ASSERT_EQ(::chmod((folder / "a").c_str(), 0666), 0);
  ASSERT_EQ(::chown((folder / "a").c_str(), 1234, 1235), 0);
  const auto owner = [this] {
    struct ::stat s{};
    ::stat((folder / "a").c_str(), &s);
    return std::pair(s.st_uid, s.st_gid);
  };
  ASSERT_TRUE(write_file_atomic(folder / "a", "two").has_value());
  EXPECT_EQ(owner(), std::pair(uid_t{1234}, gid_t{1235}));
  {
    const AsNobody nobody(folder);
    ASSERT_TRUE(write_file_atomic(folder / "a", "three").has_value()) << "in place: it may be written";
  }
  EXPECT_EQ(owner(), std::pair(uid_t{1234}, gid_t{1235}));
  EXPECT_EQ(*read_file(folder / "a"), "three");
  EXPECT_EQ(list_directory(folder)->size(), 1U);
}

TEST_F(FileTest, ALinkToNothingIsWrittenThrough) {
  std::filesystem::create_directory(folder / "d");
  std::filesystem::create_symlink("d/second", folder / "first");
  std::filesystem::create_symlink("../real", folder / "d/second");
  ASSERT_TRUE(write_file_atomic(folder / "first", "text").has_value());
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "first"));
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "d/second"));
  EXPECT_EQ(*read_file(folder / "real"), "text");
  std::filesystem::create_symlink("loop", folder / "loop");
  EXPECT_FALSE(write_file_atomic(folder / "loop", "text").has_value());
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
