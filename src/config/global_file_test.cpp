#include "config/global_file.h"

#include <gtest/gtest.h>

#include "config/json_edit.h"

namespace awl::config {
namespace {

class GlobalFile : public ::testing::Test {
 protected:
  void SetUp() override {
    folder = *os::make_private_directory(std::filesystem::temp_directory_path(), "awl-global-");
    locations.claude_dir = folder / ".claude";
    locations.global_file = folder / ".claude.json";
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  Result<> set(const std::string& value) {
    return update_global_file(locations, [&](std::string_view before) {
      return set_json_text(before, std::vector<std::string>{"a"}, value);
    });
  }
  std::string contents() { return os::read_file(locations.global_file).value_or(""); }
  size_t copies(std::string_view kind) {
    size_t count = 0;
    for (const std::string& name :
         os::list_directory(locations.claude_dir / "backups").value_or(std::vector<std::string>()))
      count += name.starts_with(kind) ? 1 : 0;
    return count;
  }

  os::Path folder;
  Locations locations;
};

TEST_F(GlobalFile, WhatItWasIsKeptFiveTimes) {
  ASSERT_TRUE(set("0"));
  EXPECT_EQ(copies(".claude.json.backup."), 0U) << "there was nothing before";
  for (int i = 1; i <= 8; ++i) ASSERT_TRUE(set(std::to_string(i)));
  EXPECT_EQ(copies(".claude.json.backup."), 5U);
  ASSERT_TRUE(set("8"));
  EXPECT_EQ(copies(".claude.json.backup."), 5U) << "nothing changed";
}

TEST_F(GlobalFile, OneThatIsTornIsKeptAndTheLastGoodCopyGoesOn) {
  ASSERT_TRUE(os::write_file_atomic(locations.global_file, R"({"mcpServers":{"x":1},"a":0})"));
  ASSERT_TRUE(set("1"));
  ASSERT_TRUE(os::write_file_atomic(locations.global_file, R"({"mcpServers":{"x")"));
  ASSERT_TRUE(set("2"));
  EXPECT_EQ(contents(), R"({"mcpServers":{"x":1},"a":2})");
  EXPECT_EQ(copies(".claude.json.corrupted."), 1U);
}

TEST_F(GlobalFile, WithoutACopyATornOneBeginsAnew) {
  ASSERT_TRUE(os::write_file_atomic(locations.global_file, "torn"));
  ASSERT_TRUE(set("1"));
  EXPECT_NE(contents().find("\"a\""), std::string::npos);
  EXPECT_EQ(copies(".claude.json.corrupted."), 1U);
}

}  // namespace
}  // namespace awl::config
