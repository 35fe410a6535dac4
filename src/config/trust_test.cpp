#include "config/trust.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace awl::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class TrustTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder = *os::make_private_directory(std::filesystem::temp_directory_path(), "awl-trust-test-");
    locations.claude_dir = folder / ".claude";
    locations.global_file = folder / ".claude.json";
    locations.project_dir = folder / "project";
    state = folder / "state/trust.json";
    std::filesystem::create_directories(locations.project_dir / ".claude");
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  void write(const os::Path& file, const std::string& contents) {
    ASSERT_TRUE(os::write_file_atomic(file, contents).has_value());
  }
  // What ~/.claude.json says of this folder.
  bool trusted_with(const std::string& path, const char* accepted) {
    write(locations.global_file,
          R"({"projects":{")" + path + R"(":{"hasTrustDialogAccepted":)" + accepted + "}}}");
    return look_at_trust(locations, state).trusted;
  }
  void settings(const std::string& json) { write(locations.project_dir / ".claude/settings.json", json); }
  Trust look() { return look_at_trust(locations, state); }

  os::Path folder;
  os::Path state;
  Locations locations;
};

TEST_F(TrustTest, NeedsAnAcceptedFolderAtOrAboveTheProject) {
  EXPECT_FALSE(look().trusted) << "no file";
  EXPECT_TRUE(trusted_with((folder / "project").string(), "true"));
  EXPECT_TRUE(trusted_with(folder.string(), "true"));
  EXPECT_FALSE(trusted_with((folder / "project").string(), "false"));
  EXPECT_FALSE(trusted_with((folder / "proj").string(), "true"));
  write(locations.global_file, "not json");
  EXPECT_FALSE(look().trusted);
}

TEST_F(TrustTest, WhatIsNewInWhatItStartsTakesTheTrustAwayUntilItIsGivenAnew) {
  settings(R"({"hooks":{"Stop":[]},"model":"opus"})");
  ASSERT_TRUE(accept_folder(locations, state).has_value());
  EXPECT_TRUE(look().trusted);
  settings(R"({"hooks":{"Stop":[]},"model":"haiku","permissions":{"allow":["Bash"]}})");
  EXPECT_TRUE(look().trusted) << "rules and models start nothing";

  settings(R"({"hooks":{"Stop":[{"hooks":[]}]},"awsAuthRefresh":"evil"})");
  write(locations.project_dir / ".mcp.json", R"({"mcpServers":{"s":{"command":"x"}}})");
  const Trust changed = look();
  EXPECT_FALSE(changed.trusted);
  EXPECT_TRUE(changed.accepted);
  EXPECT_THAT(changed.added,
              ElementsAre("the hooks of Stop of .claude/settings.json",
                          "awsAuthRefresh of .claude/settings.json", "the MCP server s of .mcp.json"));
  EXPECT_THAT(changed.problem(), HasSubstr("awl trust"));

  ASSERT_TRUE(accept_folder(locations, state).has_value());
  EXPECT_TRUE(look().trusted);
  ASSERT_TRUE(revoke_folder(locations, state).has_value());
  EXPECT_FALSE(look().accepted);
}

TEST_F(TrustTest, WhatIsGoneCanDoNothing) {
  settings(R"({"hooks":{"Stop":[]}})");
  ASSERT_TRUE(accept_folder(locations, state).has_value());
  settings("{}");
  const Trust trust = look();
  EXPECT_TRUE(trust.trusted);
  EXPECT_THAT(trust.removed, ElementsAre("the hooks of Stop of .claude/settings.json"));
}

TEST_F(TrustTest, AFileThatCannotBeReadIsSomethingNew) {
  ASSERT_TRUE(accept_folder(locations, state).has_value());
  settings("{broken");
  EXPECT_FALSE(look().trusted);
}

TEST_F(TrustTest, AFolderThatAnotherProgramAskedAboutIsRememberedAsItIsNow) {
  EXPECT_TRUE(trusted_with((folder / "project").string(), "true"));
  settings(R"({"hooks":{"Stop":[]}})");
  EXPECT_FALSE(look().trusted);
}

TEST_F(TrustTest, AnotherFileSystemAtThePathIsAnotherFolder) {
  ASSERT_TRUE(accept_folder(locations, state).has_value());
  const auto kept = os::read_file(state);
  ASSERT_TRUE(kept.has_value());
  std::string other = *kept;
  other.replace(other.find(os::file_system_id(folder)), 1, "f");
  write(state, other);
  const Trust trust = look();
  EXPECT_FALSE(trust.trusted);
  EXPECT_THAT(trust.problem(), HasSubstr("another file system"));
}

}  // namespace
}  // namespace awl::config
