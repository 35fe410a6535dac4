#include "config/trust.h"

#include <gtest/gtest.h>

namespace awl::config {
namespace {

class TrustTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder = *os::make_private_directory(std::filesystem::temp_directory_path(), "awl-trust-test-");
    locations.global_file = folder / ".claude.json";
    locations.project_dir = "/work/project";
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  bool trusted_with(const std::string& contents) {
    EXPECT_TRUE(os::write_file_atomic(locations.global_file, contents).has_value());
    return is_trusted(locations);
  }
  os::Path folder;
  Locations locations;
};

TEST_F(TrustTest, NeedsAnAcceptedFolderAtOrAboveTheProject) {
  EXPECT_FALSE(is_trusted(locations)) << "no file";
  EXPECT_FALSE(trusted_with("{}"));
  EXPECT_TRUE(trusted_with(R"({"projects":{"/work/project":{"hasTrustDialogAccepted":true}}})"));
  EXPECT_TRUE(trusted_with(R"({"projects":{"/work":{"hasTrustDialogAccepted":true}}})"));
  EXPECT_FALSE(trusted_with(R"({"projects":{"/work/project":{"hasTrustDialogAccepted":false}}})"));
  EXPECT_FALSE(trusted_with(R"({"projects":{"/work/proj":{"hasTrustDialogAccepted":true}}})"));
  EXPECT_FALSE(trusted_with("not json"));
}

}  // namespace
}  // namespace awl::config
