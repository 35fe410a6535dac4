#include "aws/profile_provider.h"

#include <gmock/gmock.h>

#include "aws/test_support.h"

namespace awl::aws {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class ProfileProviderTest : public ::testing::Test {
 protected:
  ProfileProviderTest() { environment_.set("HOME", home_.path().string()); }

  std::unique_ptr<CredentialsProvider> make_provider(const std::string& profile, bool named = true) {
    return make_profile_provider({.profile = profile,
                                  .profile_was_named = named,
                                  .paths = {home_.credentials_path(), home_.config_path()}},
                                 {environment_, network_, testing::fixed_clock(testing::at_hour(12))});
  }
  Result<Credentials> fetch(const std::string& profile, bool named = true) {
    return testing::run(make_provider(profile, named)->fetch());
  }
  Error error_of(const std::string& profile, bool named = true) {
    auto result = fetch(profile, named);
    EXPECT_FALSE(result);
    return result ? Error{} : result.error();
  }

  testing::TemporaryHome home_;
  testing::NoNetwork network_;
  Environment environment_;
};

TEST_F(ProfileProviderTest, KeysOfTheCredentialsFile) {
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

TEST_F(ProfileProviderTest, KeysOfTheConfigFileAndNothingMixed) {
  home_.write(".aws/config",
              "[profile a]\naws_access_key_id=AKIDA\naws_secret_access_key=a\naws_session_token=stale\n"
              "[profile b]\naws_access_key_id=AKIDB\naws_secret_access_key=b\n");
  home_.write(".aws/credentials", "[a]\naws_access_key_id=AKIDC\naws_secret_access_key=c\n");
  EXPECT_EQ(fetch("b")->access_key_id, "AKIDB");
  EXPECT_EQ(fetch("a")->access_key_id, "AKIDC");
  EXPECT_TRUE(fetch("a")->session_token.empty());
}

TEST_F(ProfileProviderTest, RotatedKeysAreSeen) {
  home_.write(".aws/credentials", "[default]\naws_access_key_id=AKIDONE\naws_secret_access_key=a\n");
  const auto provider = make_provider("default", false);
  EXPECT_EQ(testing::run(provider->fetch())->access_key_id, "AKIDONE");
  home_.write(".aws/credentials", "[default]\naws_access_key_id=AKIDTWO\naws_secret_access_key=a\n");
  EXPECT_EQ(testing::run(provider->fetch())->access_key_id, "AKIDTWO");
}

TEST_F(ProfileProviderTest, NothingThere) {
  EXPECT_EQ(error_of("default", false).kind, ErrorKind::kNotFound);
  home_.write(".aws/config", "[default]\nregion = us-east-1\n");
  EXPECT_EQ(error_of("default", false).kind, ErrorKind::kNotFound);
  EXPECT_EQ(error_of("default").kind, ErrorKind::kNotFound);
}

TEST_F(ProfileProviderTest, ANamedProfileThatDoesNotExist) {
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

TEST_F(ProfileProviderTest, HalfAPairNamesFileLineAndMissingKey) {
  home_.write(".aws/credentials", "\n[dev]\naws_access_key_id=AKIDEXAMPLE\n");
  home_.write(".aws/config", "[profile dev]\naws_secret_access_key=elsewhere\n");
  const Error error = error_of("dev");
  EXPECT_EQ(error.kind, ErrorKind::kCredentials);
  EXPECT_THAT(error.message, AllOf(HasSubstr("profile \"dev\" (" + home_.credentials_path() + ":2)"),
                                   HasSubstr("aws_secret_access_key is not"), Not(HasSubstr("elsewhere"))));
}

TEST_F(ProfileProviderTest, ARoleThatSaysTooLittleTooMuchOrNonsense) {
  const std::string role = "role_arn = arn:aws:iam::123456789012:role/dev\n";
  home_.write(".aws/config",
              "[profile alone]\n" + role + "[profile both]\n" + role +
                  "source_profile = base\ncredential_source = Environment\n" + "[profile gone]\n" + role +
                  "source_profile = nowhere\n" + "[profile odd]\n" + role + "credential_source = Moon\n" +
                  "[profile long]\n" + role + "source_profile = base\nduration_seconds = 99999\n");
  home_.write(".aws/credentials", "[base]\naws_access_key_id=AKID\naws_secret_access_key=a\n");
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"alone", "neither source_profile nor credential_source"},
      {"both", "both source_profile and credential_source"},
      {"gone", "\"nowhere\" does not exist"},
      {"odd", "\"Moon\" is unknown"},
      {"long", "900 to 43200"}};
  for (const auto& [profile, text] : cases) {
    const Error error = error_of(profile);
    EXPECT_EQ(error.kind, ErrorKind::kCredentials) << profile;
    EXPECT_THAT(error.message, AllOf(HasSubstr("\"" + profile + "\""), HasSubstr(text),
                                     HasSubstr(home_.config_path() + ":")));
  }
}

TEST_F(ProfileProviderTest, SourceProfilesInACircle) {
  home_.write(
      ".aws/config",
      "[profile a]\nrole_arn = arn:a\nsource_profile = b\n[profile b]\nrole_arn = arn:b\nsource_profile = c\n"
      "[profile c]\nrole_arn = arn:c\nsource_profile = a\n[profile self]\nrole_arn = arn:s\nsource_profile = "
      "self\n");
  EXPECT_THAT(error_of("a").message, HasSubstr("circle: a > b > c > a"));
  EXPECT_THAT(error_of("self").message, HasSubstr("circle: self > self"));
}

TEST_F(ProfileProviderTest, ARoleWithMfaIsRefusedWithAWayOut) {
  home_.write(".aws/config",
              "[profile m]\nrole_arn = arn:m\nsource_profile = base\nmfa_serial = arn:aws:iam::1:mfa/x\n"
              "[profile base]\naws_access_key_id=AKID\naws_secret_access_key=a\n");
  const Error error = error_of("m");
  EXPECT_EQ(error.kind, ErrorKind::kUnsupported);
  EXPECT_THAT(error.message, AllOf(HasSubstr("MFA"), HasSubstr(home_.config_path() + ":4")));
  EXPECT_THAT(error.hint, AllOf(HasSubstr("--profile m"), HasSubstr("awsCredentialExport")));
}

TEST_F(ProfileProviderTest, AnSsoProfileThatIsIncomplete) {
  home_.write(".aws/config", "[profile s]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = x\n");
  EXPECT_THAT(error_of("s").message, AllOf(HasSubstr("\"s\""), HasSubstr("sso_start_url is missing")));
}

TEST_F(ProfileProviderTest, AFileThatCannotBeParsedIsAnError) {
  home_.write(".aws/credentials", "aws_access_key_id=AKID\n");
  EXPECT_EQ(error_of("default", false).kind, ErrorKind::kParse);
}

}  // namespace
}  // namespace awl::aws
