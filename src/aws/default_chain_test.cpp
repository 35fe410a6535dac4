#include "aws/default_chain.h"

#include <gmock/gmock.h>

#include "aws/test_support.h"

namespace awl::aws {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class DefaultChainTest : public ::testing::Test {
 protected:
  DefaultChainTest() { environment_.set("HOME", home_.path().string()); }

  Result<Credentials> fetch() {
    const auto chain =
        make_default_chain({environment_, network_, testing::fixed_clock(testing::at_hour(12))});
    return testing::run(chain->fetch());
  }
  void set_keys(const std::string& id) {
    environment_.set("AWS_ACCESS_KEY_ID", id);
    environment_.set("AWS_SECRET_ACCESS_KEY", "secret");
  }
  void write_profiles() {
    home_.write(".aws/credentials",
                "[default]\naws_access_key_id=AKIDDEFAULT\naws_secret_access_key=a\n"
                "[dev]\naws_access_key_id=AKIDDEV\naws_secret_access_key=b\n");
  }

  testing::TemporaryHome home_;
  testing::NoNetwork network_;
  Environment environment_;
};

TEST_F(DefaultChainTest, TheDefaultProfile) {
  write_profiles();
  EXPECT_EQ(fetch()->access_key_id, "AKIDDEFAULT");
}

TEST_F(DefaultChainTest, EnvironmentKeysBeatTheDefaultProfile) {
  write_profiles();
  set_keys("AKIDENV");
  EXPECT_EQ(fetch()->access_key_id, "AKIDENV");
}

TEST_F(DefaultChainTest, AwsProfileBeatsEnvironmentKeys) {
  write_profiles();
  set_keys("AKIDENV");
  environment_.set("AWS_PROFILE", "dev");
  EXPECT_EQ(fetch()->access_key_id, "AKIDDEV");
  environment_.set("AWS_PROFILE", "");
  EXPECT_EQ(fetch()->access_key_id, "AKIDENV");
}

TEST_F(DefaultChainTest, AMissingNamedProfileIsAnError) {
  write_profiles();
  set_keys("AKIDENV");
  environment_.set("AWS_PROFILE", "gone");
  const auto result = fetch();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kCredentials);
  EXPECT_THAT(result.error().message, HasSubstr("\"gone\""));
}

TEST_F(DefaultChainTest, ANamedProfileWithoutCredentialsNeverGivesThoseOfAnother) {
  write_profiles();
  home_.write(".aws/config", "[profile region-only]\nregion = eu-west-1\n");
  environment_.set("AWS_PROFILE", "region-only");
  const auto result = fetch();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kCredentials);
  EXPECT_THAT(result.error().message, HasSubstr("profile \"region-only\" has no credentials"));
}

TEST_F(DefaultChainTest, OtherFiles) {
  home_.write("keys", "[default]\naws_access_key_id=AKIDOTHER\naws_secret_access_key=a\n");
  environment_.set("AWS_SHARED_CREDENTIALS_FILE", (home_.path() / "keys").string());
  EXPECT_EQ(fetch()->access_key_id, "AKIDOTHER");
}

TEST_F(DefaultChainTest, NothingAnywhere) {
  const auto result = fetch();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kCredentials);
  EXPECT_THAT(result.error().message,
              AllOf(HasSubstr("credentials"), HasSubstr("environment"), HasSubstr(".aws/config")));
}

TEST_F(DefaultChainTest, NoHome) {
  environment_.unset("HOME");
  EXPECT_EQ(fetch().error().kind, ErrorKind::kCredentials);
  set_keys("AKIDENV");
  EXPECT_EQ(fetch()->access_key_id, "AKIDENV");
}

}  // namespace
}  // namespace awl::aws
