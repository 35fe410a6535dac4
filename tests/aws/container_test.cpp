#include "aws/services.h"

namespace awl::aws {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class ContainerTest : public ChainTest {
 protected:
  ContainerTest() {
    environment_.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", services_.url("/creds"));
    services_.answer = [this](const net::ServerRequest&) {
      return Reply{200, R"({"AccessKeyId":"ASIAPOD","SecretAccessKey":"s","Token":"t","Expiration":")" +
                            expiration_ + "\"}"};
    };
  }
  std::string expiration_ = "2026-01-02T13:00:00Z";
};

TEST_F(ContainerTest, TheTokenFileIsReadAnewAndBeatsTheToken) {
  environment_.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "fixed");
  environment_.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", (home_.path() / "token").string());
  home_.write("token", "pod-1\n");
  const auto chain = make();
  const auto found = services_.fetch(*chain);
  ASSERT_TRUE(found) << describe(found.error());
  EXPECT_EQ(found->access_key_id, "ASIAPOD");
  EXPECT_EQ(found->expiration, testing::at_hour(13));
  home_.write("token", "pod-2");
  EXPECT_TRUE(services_.fetch(*chain));
  EXPECT_EQ(services_.requests[0].target, "/creds");
  EXPECT_EQ(*net::find_header(services_.requests[0].headers, "authorization"), "pod-1");
  EXPECT_EQ(*net::find_header(services_.requests[1].headers, "authorization"), "pod-2");
}

TEST_F(ContainerTest, TheTokenOfTheVariable) {
  environment_.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "fixed");
  EXPECT_TRUE(fetch());
  EXPECT_EQ(*net::find_header(services_.requests[0].headers, "authorization"), "fixed");
}

TEST_F(ContainerTest, RefusedMalformedExpired) {
  environment_.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "pod-secret");
  expiration_ = "2026-01-02T11:00:00Z";
  EXPECT_THAT(error().message, HasSubstr("expired at 2026-01-02T11"));
  services_.answer = [](const net::ServerRequest&) { return Reply{200, "<html>"}; };
  EXPECT_THAT(error().message, HasSubstr("not JSON"));
  services_.requests.clear();
  services_.answer = [](const net::ServerRequest&) { return Reply{401, R"({"message":"bad token"})"}; };
  const Error refused = error();
  EXPECT_THAT(describe(refused), AllOf(HasSubstr("401: bad token"), HasSubstr("authorization token"),
                                       Not(HasSubstr("pod-secret"))));
  EXPECT_EQ(services_.requests.size(), 1U);
}

TEST_F(ContainerTest, OnlyThisMachineAndTheAgentsAreAskedInTheClear) {
  for (const char* url :
       {"http://example.com/creds", "http://127.0.0.1.example.com/", "http://169.254.169.254/"}) {
    environment_.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
    EXPECT_THAT(error().message, HasSubstr("without TLS")) << url;
  }
  environment_.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "nonsense");
  EXPECT_THAT(error().message, HasSubstr("AWS_CONTAINER_CREDENTIALS_FULL_URI"));
  environment_.set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "no-slash");
  EXPECT_THAT(error().message, HasSubstr("slash"));
  EXPECT_TRUE(services_.requests.empty());
}

TEST_F(ContainerTest, ATokenThatCannotBeSent) {
  environment_.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "a\r\nx-evil: 1");
  EXPECT_THAT(error().message, HasSubstr("line break"));
  environment_.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/nonexistent/token");
  EXPECT_THAT(error().message, HasSubstr("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"));
  EXPECT_TRUE(services_.requests.empty());
}

}  // namespace
}  // namespace awl::aws
