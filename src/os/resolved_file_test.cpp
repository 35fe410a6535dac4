#include "os/resolved_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <thread>

namespace awl::os {
namespace {

namespace fs = std::filesystem;

class ResolvedFile : public ::testing::Test {
 protected:
  void SetUp() override {
    dir = fs::canonical(*make_private_directory(fs::temp_directory_path(), "awl-resolved-"));
    for (const char* folder : {"work/d", "secret"}) fs::create_directories(dir / folder);
    ASSERT_TRUE(write_file_atomic(dir / "work/d/f", "plain"));
    ASSERT_TRUE(write_file_atomic(dir / "secret/f", "secret"));
  }
  void TearDown() override { fs::remove_all(dir); }
  Path dir;
};

TEST_F(ResolvedFile, ReadsWritesAndMakesFolders) {
  EXPECT_EQ(read_resolved_file(dir / "work/d/f"), "plain");
  ASSERT_TRUE(write_resolved_file(dir / "work/new/deep/g", "g"));
  EXPECT_EQ(read_file(dir / "work/new/deep/g"), "g");
  ASSERT_TRUE(write_resolved_file(dir / "work/d/f", "changed"));
  EXPECT_EQ(read_file(dir / "work/d/f"), "changed");
  EXPECT_EQ(read_resolved_file(dir / "work/none").error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(write_resolved_file(dir / "work/d", "x").error().kind, ErrorKind::kInvalidInput);
}

TEST_F(ResolvedFile, ALinkOnTheWayOrAtTheEndIsNotFollowed) {
  fs::create_directory_symlink(dir / "secret", dir / "work/way");
  fs::create_symlink(dir / "secret/f", dir / "work/end");
  for (const char* path : {"work/way/f", "work/end"}) {
    const auto read = read_resolved_file(dir / path);
    ASSERT_FALSE(read.has_value()) << path;
    EXPECT_NE(read.error().message.find("symbolic link"), std::string::npos) << read.error().message;
    EXPECT_FALSE(write_resolved_file(dir / path, "x").has_value()) << path;
  }
  EXPECT_FALSE(write_resolved_file(dir / "work/way/new/g", "x").has_value());
  EXPECT_EQ(read_file(dir / "secret/f"), "secret");
  EXPECT_FALSE(fs::exists(dir / "secret/new"));
}

// Somebody swaps a folder for a link to another one, over and over, while it is used.
TEST_F(ResolvedFile, NoSwapInTheMiddleLeadsOut) {
  fs::create_directory_symlink(dir / "secret", dir / "work/link");
  std::atomic<bool> done = false;
  std::atomic<int> swaps = 0;
  std::thread swapper([&] {
    while (!done) {
      if (::syscall(SYS_renameat2, AT_FDCWD, (dir / "work/d").c_str(), AT_FDCWD, (dir / "work/link").c_str(),
                    2U /* RENAME_EXCHANGE */) == 0)
        ++swaps;
    }
  });
  while (swaps == 0) std::this_thread::yield();
  for (int i = 0; i < 3'000; ++i) {
    const auto read = read_resolved_file(dir / "work/d/f");
    if (read) EXPECT_NE(*read, "secret");
    static_cast<void>(write_resolved_file(dir / "work/d/f", "plain"));
    static_cast<void>(write_resolved_file(dir / "work/d/n/g", "plain"));
  }
  done = true;
  swapper.join();
  EXPECT_EQ(read_file(dir / "secret/f"), "secret");
  EXPECT_FALSE(fs::exists(dir / "secret/n"));
}

}  // namespace
}  // namespace awl::os
