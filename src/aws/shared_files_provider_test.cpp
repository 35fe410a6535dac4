#include "aws/shared_files_provider.h"

#include <gmock/gmock.h>

#include "aws/test_support.h"

namespace awl::aws {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class SharedFilesProviderTest : public ::testing::Test {
 protected:
  Result<Credentials> fetch(const std::string& profile, bool named = true) {
    const auto provider =
        make_shared_files_provider({.profile = profile,
                                    .profile_was_named = named,
                                    .paths = {home_.credentials_path(), home_.config_path()}});
    return testing::run(provider->fetch());
  }
  Error error_of(const std::string& profile, bool named = true) {
    auto result = fetch(profile, named);
    EXPECT_FALSE(result);
    return result ? Error{} : result.error();
  }

  testing::TemporaryHome home_;
};

TEST_F(SharedFilesProviderTest, KeysOfTheCredentialsFile) {
  home_.write(".aws/credentials",
              "[default]\naws_access_key_id=AKIDEXAMPLE\naws_secret_access_key=wrong\n\n"
              "[dev]\naws_access_key_id = ASIAEXAMPLE # mine\naws_secret_access_key = "
              "secret/EX+\naws_session_token = t//==\n");
  const auto found = fetch("dev");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->access_key_id, "ASIAEXAMPLE");
  EXPECT_EQ(found->secret_access_key.expose(), "secret/EX+");
  EXPECT_EQ(found->session_token.expose(), "t//==");
  EXPECT_EQ(found->source, "profile dev in " + home_.credentials_path());
}

TEST_F(SharedFilesProviderTest, KeysOfTheConfigFileAndNothingMixed) {
  home_.write(".aws/config",
              "[profile a]\naws_access_key_id=AKIDA\naws_secret_access_key=a\naws_session_token=stale\n"
              "[profile b]\naws_access_key_id=AKIDB\naws_secret_access_key=b\n");
  home_.write(".aws/credentials", "[a]\naws_access_key_id=AKIDC\naws_secret_access_key=c\n");
  EXPECT_EQ(fetch("b")->access_key_id, "AKIDB");
  EXPECT_EQ(fetch("a")->access_key_id, "AKIDC");
  EXPECT_TRUE(fetch("a")->session_token.empty());
}

TEST_F(SharedFilesProviderTest, RotatedKeysAreSeen) {
  home_.write(".aws/credentials", "[default]\naws_access_key_id=AKIDONE\naws_secret_access_key=a\n");
  const auto provider =
      make_shared_files_provider({.paths = {home_.credentials_path(), home_.config_path()}});
  EXPECT_EQ(testing::run(provider->fetch())->access_key_id, "AKIDONE");
  home_.write(".aws/credentials", "[default]\naws_access_key_id=AKIDTWO\naws_secret_access_key=a\n");
  EXPECT_EQ(testing::run(provider->fetch())->access_key_id, "AKIDTWO");
}

TEST_F(SharedFilesProviderTest, NothingThere) {
  EXPECT_EQ(error_of("default", false).kind, ErrorKind::kNotFound);
  home_.write(".aws/config", "[default]\nregion = us-east-1\n");
  EXPECT_EQ(error_of("default", false).kind, ErrorKind::kNotFound);
  EXPECT_EQ(error_of("default").kind, ErrorKind::kNotFound);
}

TEST_F(SharedFilesProviderTest, ANamedProfileThatDoesNotExist) {
  home_.write(".aws/config", "[default]\n[profile b]\n[x]\nregion = eu-west-1\n");
  home_.write(".aws/credentials", "[a]\n");
  const Error error = error_of("x");
  EXPECT_EQ(error.kind, ErrorKind::kCredentials);
  EXPECT_THAT(error.message, AllOf(HasSubstr("AWS_PROFILE"), HasSubstr("profile \"x\" is in neither file"),
                                   HasSubstr(home_.credentials_path()), HasSubstr(home_.config_path())));
  EXPECT_THAT(error.hint,
              AllOf(HasSubstr("profiles that exist: a, b, default"),
                    HasSubstr(home_.config_path() + ":3 has [x], which must be written [profile x]")));
}

TEST_F(SharedFilesProviderTest, HalfAPairNamesFileLineAndMissingKey) {
  home_.write(".aws/credentials", "\n[dev]\naws_access_key_id=AKIDEXAMPLE\n");
  home_.write(".aws/config", "[profile dev]\naws_secret_access_key=elsewhere\n");
  const Error error = error_of("dev");
  EXPECT_EQ(error.kind, ErrorKind::kCredentials);
  EXPECT_THAT(error.message, AllOf(HasSubstr("profile \"dev\" (" + home_.credentials_path() + ":2)"),
                                   HasSubstr("aws_secret_access_key is not"), Not(HasSubstr("elsewhere"))));
}

TEST_F(SharedFilesProviderTest, WaysThatAreNotServedYetAreNamed) {
  home_.write(".aws/config",
              "[profile role]\nrole_arn = arn:aws:iam::123456789012:role/dev\nsource_profile = base\n"
              "[profile process]\ncredential_process = /bin/x\n"
              "[profile sso]\nsso_session = corp\n"
              "[profile old-sso]\nsso_start_url = https://x\n"
              "[profile login]\nlogin_session = arn:x\n");
  home_.write(".aws/credentials", "[role]\naws_access_key_id=AKID\naws_secret_access_key=a\n");
  const std::vector<std::pair<std::string, std::string>> cases = {{"role", "role_arn"},
                                                                  {"process", "credential_process"},
                                                                  {"sso", "sso_session"},
                                                                  {"old-sso", "sso_start_url"},
                                                                  {"login", "login_session"}};
  for (const auto& [profile, key] : cases) {
    const Error error = error_of(profile);
    EXPECT_EQ(error.kind, ErrorKind::kUnsupported) << profile;
    EXPECT_THAT(error.message, AllOf(HasSubstr("\"" + profile + "\""), HasSubstr(key),
                                     HasSubstr(home_.config_path() + ":")));
  }
}

TEST_F(SharedFilesProviderTest, AFileThatCannotBeParsedIsAnError) {
  home_.write(".aws/credentials", "aws_access_key_id=AKID\n");
  EXPECT_EQ(error_of("default", false).kind, ErrorKind::kParse);
}

}  // namespace
}  // namespace awl::aws
