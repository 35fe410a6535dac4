#include "aws/credentials_json.h"

#include <gmock/gmock.h>

#include "aws/test_support.h"

namespace awl::aws {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Result<Credentials> read(std::string_view text) {
  return parse_credentials_json(text, "the answer", "a test", testing::at_hour(12));
}

TEST(CredentialsJson, BothNamesOfTheToken) {
  const auto container = read(
      R"({"AccessKeyId":"ASIAX","SecretAccessKey":"s","Token":"t","Expiration":"2026-01-02T13:00:00Z"})");
  ASSERT_TRUE(container);
  EXPECT_EQ(container->access_key_id, "ASIAX");
  EXPECT_EQ(container->session_token.expose(), "t");
  EXPECT_EQ(container->expiration, testing::at_hour(13));
  EXPECT_EQ(container->source, "a test");
  EXPECT_EQ(read(R"({"AccessKeyId":"A","SecretAccessKey":"s","SessionToken":"u"})")->session_token.expose(),
            "u");
  EXPECT_FALSE(read(R"({"AccessKeyId":"A","SecretAccessKey":"s","Expiration":null})")->expiration);
}

TEST(CredentialsJson, WhatIsWrongIsSaidWithoutTheSecret) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"<html>secret</html>", "not JSON"},
      {R"(["secret"])", "not a JSON object"},
      {"{}", "neither AccessKeyId nor SecretAccessKey"},
      {R"({"AccessKeyId":"AKID"})", "SecretAccessKey is not"},
      {R"({"AccessKeyId":"AKID","SecretAccessKey":5})", "SecretAccessKey is not"},
      {R"({"AccessKeyId":"AKID","SecretAccessKey":"secret\u0000"})", "SecretAccessKey contains"},
      {R"({"AccessKeyId":"AKID","SecretAccessKey":"secret","Expiration":"tomorrow"})",
       "Expiration is not a time"},
      {R"({"AccessKeyId":"AKID","SecretAccessKey":"secret","Expiration":12})", "Expiration is not a time"},
      {R"({"AccessKeyId":"AKID","SecretAccessKey":"secret","Expiration":"2026-01-02T11:59:59Z"})",
       "expired at 2026"}};
  for (const auto& [text, expected] : cases) {
    const auto result = read(text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().kind, ErrorKind::kCredentials);
    EXPECT_THAT(result.error().message,
                AllOf(HasSubstr("the answer"), HasSubstr(expected), Not(HasSubstr("secret"))));
  }
}

TEST(CredentialsJson, AProcessSaysItsVersion) {
  const auto process = [](std::string_view text) {
    return parse_process_output(text, "the output", "a test", testing::at_hour(12));
  };
  EXPECT_TRUE(process(R"({"Version":1,"AccessKeyId":"A","SecretAccessKey":"s"})"));
  EXPECT_THAT(process(R"({"AccessKeyId":"A","SecretAccessKey":"s"})").error().message,
              HasSubstr("Version is not 1"));
  EXPECT_FALSE(process(R"({"Version":2,"AccessKeyId":"A","SecretAccessKey":"s"})"));
}

}  // namespace
}  // namespace awl::aws
