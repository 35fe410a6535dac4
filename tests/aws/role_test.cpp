// Roles that profiles name, assumed through STS.
#include "aws/services.h"

namespace awl::aws {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string assumed(const std::string& id) {
  return "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>" + id +
         "</AccessKeyId><SecretAccessKey>s/1</SecretAccessKey><SessionToken>t&amp;1</SessionToken>"
         "<Expiration>2026-01-02T13:00:00Z</Expiration></Credentials></AssumeRoleResult></"
         "AssumeRoleResponse>";
}

Reply refusal(const std::string& code, const std::string& message) {
  return {403, "<ErrorResponse><Error><Code>" + code + "</Code><Message>" + message +
                   "</Message></Error></ErrorResponse>"};
}

class RoleTest : public ChainTest {
 protected:
  RoleTest() {
    home_.write(".aws/credentials", "[base]\naws_access_key_id=AKIDBASE\naws_secret_access_key=secret\n");
    environment_.set("AWS_PROFILE", "dev");
    services_.answer = [](const net::ServerRequest&) { return Reply{200, assumed("ASIAONE")}; };
  }
  void write_config(const std::string& text) { home_.write(".aws/config", text); }
};

TEST_F(RoleTest, WithKeysOfAnotherProfile) {
  write_config(
      "[profile dev]\nrole_arn = arn:aws:iam::1:role/dev\nsource_profile = base\nexternal_id = e 1\n"
      "role_session_name = me\nduration_seconds = 1800\n");
  const auto found = fetch();
  ASSERT_TRUE(found) << describe(found.error());
  EXPECT_EQ(found->access_key_id, "ASIAONE");
  EXPECT_EQ(found->session_token.expose(), "t&1");
  EXPECT_EQ(found->expiration, testing::at_hour(13));
  EXPECT_THAT(found->source, AllOf(HasSubstr("arn:aws:iam::1:role/dev"), HasSubstr("profile base")));
  ASSERT_EQ(services_.requests.size(), 1U);
  const auto form = form_of(services_.requests[0]);
  EXPECT_EQ(form.at("Action"), "AssumeRole");
  EXPECT_EQ(form.at("RoleSessionName"), "me");
  EXPECT_EQ(form.at("ExternalId"), "e 1");
  EXPECT_EQ(form.at("DurationSeconds"), "1800");
  const std::string* authorization = net::find_header(services_.requests[0].headers, "authorization");
  ASSERT_NE(authorization, nullptr);
  EXPECT_THAT(*authorization, HasSubstr("Credential=AKIDBASE/20260102/eu-west-1/sts/aws4_request"));
}

TEST_F(RoleTest, AChainOfRolesGoesFromTheInside) {
  write_config(
      "[profile dev]\nrole_arn = arn:outer\nsource_profile = middle\n"
      "[profile middle]\nrole_arn = arn:inner\nsource_profile = base\n");
  services_.answer = [](const net::ServerRequest& request) {
    return Reply{200, assumed(form_of(request).at("RoleArn") == "arn:inner" ? "ASIAINNER" : "ASIAOUTER")};
  };
  EXPECT_EQ(fetch()->access_key_id, "ASIAOUTER");
  ASSERT_EQ(services_.requests.size(), 2U);
  EXPECT_EQ(form_of(services_.requests[0]).at("RoleArn"), "arn:inner");
  EXPECT_THAT(*net::find_header(services_.requests[1].headers, "authorization"),
              HasSubstr("Credential=ASIAINNER/"));
  EXPECT_EQ(*net::find_header(services_.requests[1].headers, "x-amz-security-token"), "t&1");
}

TEST_F(RoleTest, AProfileMayNameItself) {
  write_config("[profile dev]\nrole_arn = arn:dev\nsource_profile = dev\n");
  home_.write(".aws/credentials", "[dev]\naws_access_key_id=AKIDSELF\naws_secret_access_key=s\n");
  EXPECT_EQ(fetch()->access_key_id, "ASIAONE");
  EXPECT_THAT(*net::find_header(services_.requests[0].headers, "authorization"), HasSubstr("AKIDSELF/"));
}

TEST_F(RoleTest, WithKeysOfTheEnvironment) {
  write_config("[profile dev]\nrole_arn = arn:dev\ncredential_source = Environment\n");
  environment_.set("AWS_ACCESS_KEY_ID", "AKIDENV");
  environment_.set("AWS_SECRET_ACCESS_KEY", "s");
  EXPECT_EQ(fetch()->access_key_id, "ASIAONE");
  EXPECT_THAT(*net::find_header(services_.requests[0].headers, "authorization"), HasSubstr("AKIDENV/"));
  EXPECT_THAT(form_of(services_.requests[0]).at("RoleSessionName"), ::testing::StartsWith("awl-"));
}

TEST_F(RoleTest, ASourceWithoutKeysEndsTheChain) {
  write_config("[profile dev]\nrole_arn = arn:dev\ncredential_source = Environment\n");
  const Error missing = error();
  EXPECT_EQ(missing.kind, ErrorKind::kCredentials);
  EXPECT_THAT(missing.message, AllOf(HasSubstr("\"dev\""), HasSubstr("credential_source Environment")));
  EXPECT_TRUE(services_.requests.empty());
}

TEST_F(RoleTest, ARefusalSaysWhatStsSaidAndNoSecret) {
  write_config("[profile dev]\nrole_arn = arn:dev\nsource_profile = base\n");
  services_.answer = [](const net::ServerRequest&) {
    return refusal("AccessDenied", "User AKIAIOSFODNN7EXAMPLE may not assume &lt;it&gt;");
  };
  const Error denied = error();
  EXPECT_EQ(denied.kind, ErrorKind::kCredentials);
  EXPECT_THAT(denied.message, AllOf(HasSubstr("AssumeRole of arn:dev"), HasSubstr("AccessDenied"),
                                    HasSubstr("<it>"), Not(HasSubstr("AKIAIOSFODNN7EXAMPLE"))));
  EXPECT_THAT(denied.hint, HasSubstr("trust policy"));
  EXPECT_EQ(services_.requests.size(), 1U);
  services_.answer = [](const net::ServerRequest&) { return refusal("ExpiredToken", "expired"); };
  EXPECT_THAT(error().hint, HasSubstr("sign in again"));
}

TEST_F(RoleTest, ATroubledStsIsAskedAgain) {
  write_config("[profile dev]\nrole_arn = arn:dev\nsource_profile = base\n");
  services_.answer = [this](const net::ServerRequest&) {
    return services_.requests.size() < 3 ? Reply{503, ""} : Reply{200, assumed("ASIATHIRD")};
  };
  EXPECT_EQ(fetch()->access_key_id, "ASIATHIRD");
  services_.requests.clear();
  services_.answer = [](const net::ServerRequest&) { return Reply{500, "oops"}; };
  EXPECT_THAT(error().message, HasSubstr("HTTP 500"));
  EXPECT_EQ(services_.requests.size(), 3U);
}

TEST_F(RoleTest, AnAnswerWithoutCredentials) {
  write_config("[profile dev]\nrole_arn = arn:dev\nsource_profile = base\n");
  for (const char* body : {"", "<html>proxy</html>", "<AccessKeyId>ASIA</AccessKeyId>"}) {
    services_.answer = [body](const net::ServerRequest&) { return Reply{200, body}; };
    EXPECT_EQ(error().kind, ErrorKind::kCredentials) << body;
  }
}

TEST_F(RoleTest, AnStsThatIsSilentEndsWithTheChainsLimit) {
  write_config("[profile dev]\nrole_arn = arn:dev\nsource_profile = base\n");
  net::Loop loop;
  // It listens and never answers: nobody runs it.
  net::Handler never([](const net::ServerRequest&, net::ResponseWriter&) -> Task<> { co_return; });
  const auto server = net::HttpServer::listen(loop.executor(), {}, never);
  ASSERT_TRUE(server);
  environment_.set("AWS_ENDPOINT_URL_STS", fmt::format("http://127.0.0.1:{}", (*server)->port()));
  environment_.set("CLAUDE_CODE_AWS_CHAIN_RESOLVE_TIMEOUT_MS", "50");
  const auto chain = make();
  const auto result = services_.fetch(*chain);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kTimeout);
  EXPECT_THAT(result.error().message, AllOf(HasSubstr("timed out"), HasSubstr("shared files (profile dev)")));
  ASSERT_EQ(chain->trace().size(), 1U);
  EXPECT_THAT(chain->trace()[0].outcome, HasSubstr("in time"));
}

}  // namespace
}  // namespace awl::aws
