#include "aws/services.h"

namespace awl::aws {
namespace {

using ::testing::HasSubstr;

class InstanceTest : public ChainTest {
 protected:
  InstanceTest() {
    environment_.unset("AWS_EC2_METADATA_DISABLED");
    environment_.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", services_.url("/"));
    services_.answer = [this](const net::ServerRequest& request) { return metadata(request); };
  }
  Reply metadata(const net::ServerRequest& request) const {
    if (request.method == "PUT" && request.target == "/latest/api/token") return {token_status_, "the-token"};
    const std::string* token = net::find_header(request.headers, "x-aws-ec2-metadata-token");
    if (token == nullptr || *token != "the-token") return {401, ""};
    if (request.target == "/latest/meta-data/iam/security-credentials/") return {role_status_, "runner\n"};
    if (request.target == "/latest/meta-data/iam/security-credentials/runner") return {200, credentials_};
    return {404, ""};
  }

  int token_status_ = 200;
  int role_status_ = 200;
  std::string credentials_ =
      R"({"Code":"Success","AccessKeyId":"ASIAEC2","SecretAccessKey":"s","Token":"t","Expiration":"2026-01-02T18:00:00Z"})";
};

TEST_F(InstanceTest, TokenRoleCredentials) {
  const auto found = fetch();
  ASSERT_TRUE(found) << describe(found.error());
  EXPECT_EQ(found->access_key_id, "ASIAEC2");
  EXPECT_EQ(found->source, "instance role runner");
  ASSERT_EQ(services_.requests.size(), 3U);
  EXPECT_EQ(*net::find_header(services_.requests[0].headers, "x-aws-ec2-metadata-token-ttl-seconds"),
            "21600");
}

TEST_F(InstanceTest, SwitchedOff) {
  environment_.set("AWS_EC2_METADATA_DISABLED", "TRUE");
  EXPECT_THAT(error().message, HasSubstr("switched off by AWS_EC2_METADATA_DISABLED"));
  EXPECT_TRUE(services_.requests.empty());
}

TEST_F(InstanceTest, NoRoleNoTokenNoService) {
  role_status_ = 404;
  EXPECT_THAT(error().message, HasSubstr("the instance has no role"));
  token_status_ = 403;
  EXPECT_THAT(error().message, HasSubstr("refused a token with 403"));
  // A port that nobody listens on any more.
  uint16_t closed = 0;
  {
    net::ServedLoop other([](const net::ServerRequest&, net::ResponseWriter&) -> Task<> { co_return; });
    closed = other.port();
  }
  environment_.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", fmt::format("http://127.0.0.1:{}", closed));
  EXPECT_THAT(error().message, HasSubstr("there is no instance metadata service"));
}

TEST_F(InstanceTest, MalformedFailedExpired) {
  credentials_ = "<html>";
  EXPECT_THAT(error().message, HasSubstr("not JSON"));
  credentials_ = R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"no"})";
  EXPECT_THAT(error().message, HasSubstr("AssumeRoleUnauthorizedAccess"));
  credentials_ = R"({"AccessKeyId":"A","SecretAccessKey":"s","Expiration":"2026-01-01T00:00:00Z"})";
  EXPECT_THAT(error().message, HasSubstr("expired"));
  EXPECT_EQ(error().kind, ErrorKind::kCredentials);
}

TEST_F(InstanceTest, RotatedCredentialsAreSeen) {
  const auto chain = make();
  EXPECT_EQ(services_.fetch(*chain)->access_key_id, "ASIAEC2");
  credentials_ = R"({"AccessKeyId":"ASIANEW","SecretAccessKey":"s","Token":"t"})";
  EXPECT_EQ(services_.fetch(*chain)->access_key_id, "ASIANEW");
}

}  // namespace
}  // namespace awl::aws
