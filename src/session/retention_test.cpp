#include "session/retention.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/clock.h"
#include "session/transcript_file.h"

namespace awl::session {
namespace {

namespace fs = std::filesystem;
using std::chrono::days;

constexpr std::chrono::seconds kPlenty{60};

class RetentionTest : public ::testing::Test {
 protected:
  void SetUp() override { dir = *os::make_private_directory(fs::temp_directory_path(), "awl-retention-"); }
  void TearDown() override { fs::remove_all(dir); }

  // Writes a file that was last changed so many days ago.
  os::Path put(const std::string& name, int age) {
    const os::Path path = dir / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "{}\n";
    fs::last_write_time(path, fs::file_time_type::clock::now() - days(age));
    return path;
  }
  // Folders look new when something was put into them.
  void age_folder(const std::string& name, int age) {
    fs::last_write_time(dir / name, fs::file_time_type::clock::now() - days(age));
  }
  bool there(const std::string& name) const { return fs::exists(dir / name); }

  os::Path dir;
};

TEST_F(RetentionTest, WhatIsOldGoesWithAllThatIsKeptOfIt) {
  put("projects/-p/old.jsonl", 31);
  put("projects/-p/old/tool-results/a.txt", 31);
  put("file-history/old/copy", 31);
  put("tasks/old/1.json", 31);
  put("debug/old.txt", 31);
  put("projects/-p/new.jsonl", 29);
  put("file-history/new/copy", 31);
  for (const char* folder :
       {"projects/-p/old/tool-results", "projects/-p/old", "file-history/old", "tasks/old"})
    age_folder(folder, 31);
  const SweepOutcome outcome = sweep(dir, days(30), system_clock_now(), kPlenty);
  EXPECT_TRUE(outcome.complete);
  for (const char* gone :
       {"projects/-p/old.jsonl", "projects/-p/old", "file-history/old", "tasks/old", "debug/old.txt"})
    EXPECT_FALSE(there(gone)) << gone;
  EXPECT_TRUE(there("projects/-p/new.jsonl"));
  EXPECT_TRUE(there("file-history/new/copy")) << "its folder is younger";
}

TEST_F(RetentionTest, MemoryAndWhatIsBesideAYoungSessionStay) {
  put("projects/-p/memory/MEMORY.md", 400);
  age_folder("projects/-p/memory", 400);
  put("projects/-p/s.jsonl", 1);
  put("projects/-p/s/subagents/agent-1.jsonl", 100);
  age_folder("projects/-p/s/subagents", 100);
  age_folder("projects/-p/s", 100);
  sweep(dir, days(30), system_clock_now(), kPlenty);
  EXPECT_TRUE(there("projects/-p/memory/MEMORY.md"));
  EXPECT_TRUE(there("projects/-p/s/subagents/agent-1.jsonl"));
}

TEST_F(RetentionTest, ASessionThatAProcessWritesToStays) {
  const os::Path file = put("projects/-p/s.jsonl", 90);
  const auto writer = TranscriptFile::open(file);
  ASSERT_TRUE(writer.has_value());
  sweep(dir, days(30), system_clock_now(), kPlenty);
  EXPECT_TRUE(there("projects/-p/s.jsonl"));
}

TEST_F(RetentionTest, WhenTheTimeIsUpTheRestStays) {
  put("projects/-p/s.jsonl", 90);
  const SweepOutcome outcome = sweep(dir, days(30), system_clock_now(), std::chrono::milliseconds(0));
  EXPECT_FALSE(outcome.complete);
  EXPECT_TRUE(there("projects/-p/s.jsonl"));
}

TEST_F(RetentionTest, ALinkIsRemovedAndNotFollowed) {
  const os::Path outside = put("outside/file", 1);
  fs::create_directories(dir / "plans");
  fs::create_directory_symlink(dir / "outside", dir / "plans/link");
  sweep(dir, days(30), system_clock_now() + days(60), kPlenty);
  EXPECT_TRUE(fs::exists(outside));
}

}  // namespace
}  // namespace awl::session
