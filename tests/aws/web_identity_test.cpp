#include "aws/services.h"

namespace awl::aws {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kAnswer =
    "<Credentials><AccessKeyId>ASIAWEB</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
    "<SessionToken>t</SessionToken><Expiration>2026-01-02T13:00:00Z</Expiration></Credentials>";

class WebIdentityTest : public ChainTest {
 protected:
  WebIdentityTest() {
    environment_.set("AWS_WEB_IDENTITY_TOKEN_FILE", (home_.path() / "token").string());
    environment_.set("AWS_ROLE_ARN", "arn:aws:iam::1:role/ci");
    services_.answer = [](const net::ServerRequest&) { return Reply{200, kAnswer}; };
  }
};

TEST_F(WebIdentityTest, TheTokenOfTheFileIsReadAnewEachTime) {
  environment_.set("AWS_ROLE_SESSION_NAME", "job-7");
  const auto chain = make();
  home_.write("token", "jwt.one\n");
  const auto found = services_.fetch(*chain);
  ASSERT_TRUE(found) << describe(found.error());
  EXPECT_EQ(found->access_key_id, "ASIAWEB");
  home_.write("token", "jwt.two");
  EXPECT_TRUE(services_.fetch(*chain));
  ASSERT_EQ(services_.requests.size(), 2U);
  const auto form = form_of(services_.requests[0]);
  EXPECT_EQ(form.at("Action"), "AssumeRoleWithWebIdentity");
  EXPECT_EQ(form.at("RoleArn"), "arn:aws:iam::1:role/ci");
  EXPECT_EQ(form.at("RoleSessionName"), "job-7");
  EXPECT_EQ(form.at("WebIdentityToken"), "jwt.one");
  EXPECT_EQ(form_of(services_.requests[1]).at("WebIdentityToken"), "jwt.two");
  EXPECT_EQ(net::find_header(services_.requests[0].headers, "authorization"), nullptr);
}

TEST_F(WebIdentityTest, AbsentEmptyOrHalfConfigured) {
  EXPECT_THAT(error().message, AllOf(HasSubstr("AWS_WEB_IDENTITY_TOKEN_FILE"), HasSubstr("cannot be read")));
  home_.write("token", " \n");
  EXPECT_THAT(error().message, HasSubstr("is empty"));
  environment_.unset("AWS_ROLE_ARN");
  EXPECT_THAT(error().message, HasSubstr("AWS_ROLE_ARN is not"));
  EXPECT_TRUE(services_.requests.empty());
}

TEST_F(WebIdentityTest, ATokenThatIsRefusedIsNotShown) {
  home_.write("token", "jwt.secret");
  services_.answer = [](const net::ServerRequest&) {
    return Reply{400, "<Error><Code>InvalidIdentityToken</Code><Message>bad audience</Message></Error>"};
  };
  const Error refused = error();
  EXPECT_EQ(refused.kind, ErrorKind::kCredentials);
  EXPECT_THAT(describe(refused), AllOf(HasSubstr("InvalidIdentityToken"), HasSubstr("bad audience"),
                                       HasSubstr("identity provider"), Not(HasSubstr("jwt.secret"))));
}

TEST_F(WebIdentityTest, OfAProfile) {
  home_.write("token", "jwt.profile");
  home_.write(".aws/config", "[profile ci]\nrole_arn = arn:p\nweb_identity_token_file = ~/token\n");
  environment_.set("AWS_PROFILE", "ci");
  EXPECT_EQ(fetch()->access_key_id, "ASIAWEB");
  EXPECT_EQ(form_of(services_.requests[0]).at("RoleArn"), "arn:p");
  EXPECT_EQ(form_of(services_.requests[0]).at("WebIdentityToken"), "jwt.profile");
}

}  // namespace
}  // namespace awl::aws
