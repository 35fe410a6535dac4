#include "session/checkpoints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

namespace awl::session {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class CheckpointsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder =
        os::make_private_directory(std::filesystem::temp_directory_path(), "awl-checkpoints-test-").value();
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  os::Path path(const char* name) const { return folder / name; }
  void write(const char* name, std::string_view text) const {
    ASSERT_TRUE(os::write_file_atomic(path(name), text, 0644));
  }
  std::string read(const char* name) const { return os::read_file(path(name)).value_or("(none)"); }
  os::Path folder;
};

TEST_F(CheckpointsTest, FilesGoBackToBeforeAMessage) {
  write("a", "one");
  Checkpoints checkpoints(path("store"));
  checkpoints.begin_message("m1");
  checkpoints.save(path("a"));
  write("a", "two");
  checkpoints.save(path("a"));  // once a message
  write("a", "three");
  checkpoints.begin_message("m2");
  checkpoints.save(path("a"));
  checkpoints.save(path("new"));
  write("a", "four");
  write("new", "x");

  const auto trial = checkpoints.rewind("m2", true);
  EXPECT_THAT(trial->files, UnorderedElementsAre(path("a").string(), path("new").string()));
  EXPECT_EQ(read("a"), "four");
  ASSERT_TRUE(checkpoints.rewind("m2", false));
  EXPECT_EQ(read("a"), "three");
  EXPECT_EQ(read("new"), "(none)");
  ASSERT_TRUE(checkpoints.rewind("m1", false));
  EXPECT_EQ(read("a"), "one");
  EXPECT_THAT(checkpoints.rewind("m1", false)->files, IsEmpty()) << "nothing differs any more";
  EXPECT_EQ(checkpoints.rewind("nonsense", false).error().kind, ErrorKind::kNotFound);
}

TEST_F(CheckpointsTest, ALaterProcessKnowsThem) {
  write("run.sh", "#!/bin/sh");
  ::chmod(path("run.sh").c_str(), 0755);
  {
    Checkpoints checkpoints(path("store"));
    checkpoints.begin_message("m1");
    checkpoints.save(path("run.sh"));
  }
  std::filesystem::remove(path("run.sh"));
  ASSERT_TRUE(Checkpoints(path("store")).rewind("m1", false));
  EXPECT_EQ(read("run.sh"), "#!/bin/sh");
  struct stat status{};
  ::stat(path("run.sh").c_str(), &status);
  EXPECT_EQ(status.st_mode & 0777, 0755U);
}

TEST_F(CheckpointsTest, OldOnesAreGivenUp) {
  write("a", "x");
  Checkpoints checkpoints(path("store"));
  for (int i = 0; i < 101; ++i) {
    checkpoints.begin_message("m" + std::to_string(i));
    checkpoints.save(path("a"));
  }
  EXPECT_FALSE(checkpoints.rewind("m0", true));
  EXPECT_TRUE(checkpoints.rewind("m1", true));
}

}  // namespace
}  // namespace awl::session
