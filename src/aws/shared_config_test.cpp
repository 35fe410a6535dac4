#include "aws/shared_config.h"

#include <gmock/gmock.h>

#include "aws/test_support.h"

namespace awl::aws {
namespace {

using ::testing::ElementsAre;
using testing::TemporaryHome;

TEST(SharedFilePaths, DefaultsAndVariables) {
  Environment environment;
  EXPECT_EQ(shared_file_paths(environment).config, "");
  environment.set("HOME", "/home/x");
  EXPECT_EQ(shared_file_paths(environment).credentials, "/home/x/.aws/credentials");
  EXPECT_EQ(shared_file_paths(environment).config, "/home/x/.aws/config");
  environment.set("AWS_SHARED_CREDENTIALS_FILE", "/etc/keys");
  environment.set("AWS_CONFIG_FILE", "~/aws.ini");
  EXPECT_EQ(shared_file_paths(environment).credentials, "/etc/keys");
  EXPECT_EQ(shared_file_paths(environment).config, "/home/x/aws.ini");
  environment.set("AWS_CONFIG_FILE", "");
  EXPECT_EQ(shared_file_paths(environment).config, "/home/x/.aws/config");
}

TEST(SharedConfig, CredentialsFileComesFirst) {
  const TemporaryHome home;
  home.write(".aws/credentials", "[dev]\nregion = eu-west-1\nempty =\n");
  home.write(".aws/config", "[profile dev]\n\nregion = us-west-2\noutput = json\nempty = no\n[default]\n");
  const auto shared = read_shared_config({home.credentials_path(), home.config_path()});
  ASSERT_TRUE(shared) << shared.error().message;
  EXPECT_THAT(shared->profile_names(), ElementsAre("default", "dev"));
  EXPECT_EQ(shared->find("dev", "region")->value, "eu-west-1");
  EXPECT_EQ(shared->find("dev", "region")->origin, home.credentials_path() + ":2");
  EXPECT_EQ(shared->find("dev", "output")->origin, home.config_path() + ":4");
  EXPECT_EQ(shared->find("dev", "empty")->value, "no");
  EXPECT_FALSE(shared->find("dev", "role_arn"));
  EXPECT_FALSE(shared->find("other", "region"));
}

TEST(SharedConfig, AbsentFilesAreEmpty) {
  const TemporaryHome home;
  const auto shared = read_shared_config({home.credentials_path(), ""});
  ASSERT_TRUE(shared);
  EXPECT_FALSE(shared->has_profile("default"));
}

TEST(SharedConfig, BrokenFilesAreErrors) {
  const TemporaryHome home;
  home.write(".aws/config", "[default]\noops\n");
  const auto broken = read_shared_config({"", home.config_path()});
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().kind, ErrorKind::kParse);
  const auto folder = read_shared_config({home.path(), ""});
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().kind, ErrorKind::kInvalidInput);
  const auto endless = read_shared_config({std::string(5000, 'x'), ""});
  ASSERT_FALSE(endless);
  EXPECT_EQ(endless.error().kind, ErrorKind::kInvalidInput);
}

}  // namespace
}  // namespace awl::aws
