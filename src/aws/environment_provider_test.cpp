#include "aws/environment_provider.h"

#include <gmock/gmock.h>

#include "aws/test_support.h"

namespace awl::aws {
namespace {

using ::testing::AllOf;
using testing::at_hour;
using ::testing::HasSubstr;
using ::testing::Not;

Result<Credentials> fetch(std::map<std::string, std::string, std::less<>> values) {
  const auto provider =
      make_environment_provider(Environment(std::move(values)), testing::fixed_clock(at_hour(12)));
  return testing::run(provider->fetch());
}

Error error_of(std::map<std::string, std::string, std::less<>> values) {
  auto result = fetch(std::move(values));
  EXPECT_FALSE(result);
  return result ? Error{} : result.error();
}

TEST(EnvironmentProvider, KeysAndToken) {
  const auto found = fetch({{"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"},
                            {"AWS_SECRET_ACCESS_KEY", "secret/EXAMPLE+key"},
                            {"AWS_SESSION_TOKEN", "token//=="}});
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->access_key_id, "AKIDEXAMPLE");
  EXPECT_EQ(found->secret_access_key.expose(), "secret/EXAMPLE+key");
  EXPECT_EQ(found->session_token.expose(), "token//==");
  EXPECT_EQ(found->expiration, std::nullopt);
  EXPECT_EQ(found->source, "environment");
}

TEST(EnvironmentProvider, SpaceAroundValuesIsDropped) {
  const auto found =
      fetch({{"AWS_ACCESS_KEY_ID", " AKIDEXAMPLE\r\n"}, {"AWS_SECRET_ACCESS_KEY", "secret\n"}});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->access_key_id, "AKIDEXAMPLE");
  EXPECT_EQ(found->secret_access_key.expose(), "secret");
  EXPECT_TRUE(found->session_token.empty());
}

TEST(EnvironmentProvider, UnsetAndEmptyAreNotConfigured) {
  EXPECT_EQ(error_of({}).kind, ErrorKind::kNotFound);
  EXPECT_EQ(error_of({{"AWS_ACCESS_KEY_ID", ""}, {"AWS_SECRET_ACCESS_KEY", " "}}).kind, ErrorKind::kNotFound);
  EXPECT_EQ(error_of({{"AWS_SESSION_TOKEN", "left over"}}).kind, ErrorKind::kCredentials);
}

TEST(EnvironmentProvider, HalfAPairNamesTheMissingVariable) {
  const Error no_secret = error_of({{"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"}, {"AWS_SECRET_ACCESS_KEY", ""}});
  EXPECT_EQ(no_secret.kind, ErrorKind::kCredentials);
  EXPECT_THAT(no_secret.message, HasSubstr("AWS_SECRET_ACCESS_KEY is not"));
  const Error no_id = error_of({{"AWS_SECRET_ACCESS_KEY", "hidden"}});
  EXPECT_EQ(no_id.kind, ErrorKind::kCredentials);
  EXPECT_THAT(no_id.message, AllOf(HasSubstr("AWS_ACCESS_KEY_ID is not"), Not(HasSubstr("hidden"))));
}

TEST(EnvironmentProvider, ValuesThatCannotBeKeysAreNamedNotShown) {
  const Error error = error_of({{"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"}, {"AWS_SECRET_ACCESS_KEY", "a b"}});
  EXPECT_EQ(error.kind, ErrorKind::kCredentials);
  EXPECT_THAT(error.message, AllOf(HasSubstr("AWS_SECRET_ACCESS_KEY contains"), Not(HasSubstr("a b"))));
  const Error injected = error_of(
      {{"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", "s"}, {"AWS_SESSION_TOKEN", "a\r\nb"}});
  EXPECT_THAT(injected.message, HasSubstr("AWS_SESSION_TOKEN contains"));
}

TEST(EnvironmentProvider, Expiration) {
  const auto with = [](std::string time) {
    return fetch({{"AWS_ACCESS_KEY_ID", "AKID"},
                  {"AWS_SECRET_ACCESS_KEY", "s"},
                  {"AWS_CREDENTIAL_EXPIRATION", std::move(time)}});
  };
  EXPECT_EQ(with("2026-01-02T13:00:00+00:00")->expiration, at_hour(13));
  EXPECT_EQ(with(" ")->expiration, std::nullopt);
  EXPECT_THAT(with("2026-01-02T11:00:00Z").error().message, HasSubstr("expired at 2026-01-02T11:00:00"));
  EXPECT_THAT(with("tomorrow").error().message, HasSubstr("AWS_CREDENTIAL_EXPIRATION is not a time"));
}

}  // namespace
}  // namespace awl::aws
