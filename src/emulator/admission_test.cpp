#include "emulator/admission.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "emulator/config_file.h"
#include "emulator/test_support.h"

namespace awl::emulator {
namespace {

using testing::kNow;

constexpr const char* kConfig = R"({"workspaces":[{"id":"wrkspc_01ABCDEFGHIJKLMN","tags":{"Team":"red"}},
    {"id":"wrkspc_far","region":"eu-west-1"}],
  "principals":[
    {"user":"dev","policies":["AnthropicInferenceAccess"],"api_keys":["key-dev"]},
    {"user":"nokey","policies":[{"Statement":{"Effect":"Allow","Action":"aws-external-anthropic:CreateInference",
      "Resource":"*"}}],"api_keys":["key-nokey"]},
    {"user":"denied","policies":["AnthropicFullAccess",{"Statement":{"Effect":"Deny",
      "Action":"aws-external-anthropic:CreateInference",
      "Resource":"arn:aws:aws-external-anthropic:us-east-1:123456789012:workspace/wrkspc_01ABCDEFGHIJKLMN"}}],
      "api_keys":["key-denied"]},
    {"role":"ci","session":"run","tags":{"team":"red"},"policies":[{"Version":"2012-10-17","Statement":
      {"Effect":"Allow","Action":"*","Resource":"*","Condition":{
        "StringEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/TEAM}","aws:PrincipalType":"AssumedRole"},
        "IpAddress":{"aws:SourceIp":"203.0.113.0/24"},"Bool":{"aws:MultiFactorAuthPresent":"false"},
        "ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/ci"}}}}],
      "access_keys":[{"id":"ASIACI","secret":"ci-secret","session_token":"ci-token"}]}]})";

class Admission : public ::testing::Test {
 protected:
  void SetUp() override {
    std::vector<std::string> warnings;
    auto config = parse_config(kConfig, "/c.json", Config(), kNow, warnings);
    ASSERT_TRUE(config) << describe(config.error());
    config_ = std::move(*config);
  }
  static net::ServerRequest keyed(const std::string& key, const std::string& method = "POST",
                                  const std::string& target = "/v1/messages?beta=true") {
    net::ServerRequest request = testing::make_request("{}");
    request.method = method;
    request.target = target;
    request.headers.push_back({"x-api-key", key});
    return request;
  }
  /// "" when it is admitted, else "status message".
  std::string outcome(const net::ServerRequest& request) {
    Identity identity;
    const auto admitted = admit(config_, request, kNow, identity);
    if (admitted) return "";
    return std::to_string(admitted.error().status) + " " + admitted.error().message;
  }
  Config config_;
};

TEST_F(Admission, PoliciesDecide) {
  EXPECT_EQ(outcome(keyed("key-dev")), "");
  EXPECT_EQ(outcome(keyed("key-dev", "GET", "/v1/models")), "");
  EXPECT_EQ(
      outcome(keyed("key-dev", "POST", "/v1/files")),
      "403 AccessDeniedException: User: arn:aws:iam::123456789012:user/dev is not authorized to perform: "
      "aws-external-anthropic:CreateFile on resource: arn:aws:aws-external-anthropic:us-east-1:123456789012:"
      "workspace/wrkspc_01ABCDEFGHIJKLMN because no identity-based policy allows the "
      "aws-external-anthropic:CreateFile action");
  EXPECT_TRUE(outcome(keyed("key-nokey"))
                  .contains("perform: aws-external-anthropic:CallWithBearerToken on resource: *"));
  EXPECT_TRUE(outcome(keyed("key-denied")).ends_with("with an explicit deny in an identity-based policy"));
  EXPECT_EQ(outcome(keyed("key-denied", "POST", "/v1/messages/count_tokens")), "");
}

TEST_F(Admission, ConditionsSeeTheRequest) {
  const auto signed_by_role = [&] {
    net::ServerRequest request = testing::make_request("{}");
    testing::sign(request, config_.principals[3].access_keys[0]);
    request.remote_address = "203.0.113.9";
    return request;
  };
  EXPECT_EQ(outcome(signed_by_role()), "");
  net::ServerRequest elsewhere = signed_by_role();
  elsewhere.remote_address = "10.0.0.1";
  EXPECT_TRUE(
      outcome(elsewhere).contains("User: arn:aws:sts::123456789012:assumed-role/ci/run is not authorized"));
  config_.source_ip = "203.0.113.1";
  EXPECT_EQ(outcome(elsewhere), "");
  config_.workspace_tags.clear();
  EXPECT_NE(outcome(signed_by_role()), "");
}

TEST_F(Admission, AShortTermKeyActsForItsCredentials) {
  config_.principals[0].access_keys.push_back(
      testing::make_key("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"));
  const std::string key =
      "aws-external-anthropic-api-key-" +
      to_base64(
          "aws-external-anthropic.amazonaws.com/?Action=CallWithBearerToken&X-Amz-Algorithm=AWS4-HMAC-SHA256"
          "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260102%2Fus-east-1%2Faws-external-anthropic%2Faws4_"
          "request"
          "&X-Amz-Date=20260102T030405Z&X-Amz-Expires=43200"
          "&X-Amz-Signature=1f3a38fed6b92db062e41786c7b2f26b20cb6eeea60bde06f46bc12f2788e08c"
          "&X-Amz-SignedHeaders=host&Version=1");
  EXPECT_EQ(outcome(keyed(key)), "");
  config_.principals[0].policies = config_.principals[1].policies;
  EXPECT_TRUE(outcome(keyed(key))
                  .contains("user/dev is not authorized to perform: "
                            "aws-external-anthropic:CallWithBearerToken"));
  config_.principals[0].access_keys.clear();
  EXPECT_TRUE(outcome(keyed(key)).starts_with("403 InvalidClientTokenId"));
}

TEST_F(Admission, WorkspaceAndAccountMistakes) {
  net::ServerRequest far = keyed("key-dev");
  net::set_header(far.headers, "anthropic-workspace-id", "wrkspc_far");
  EXPECT_TRUE(outcome(far).contains("workspace wrkspc_far is bound to region eu-west-1"));
  net::set_header(far.headers, "anthropic-workspace-id", "wrkspc_none");
  EXPECT_TRUE(outcome(far).contains("workspace wrkspc_none not found in region us-east-1"));
  config_.web_identity_federation = false;
  EXPECT_EQ(outcome(keyed("key-dev")), "403 Outbound web identity federation is disabled for your account");
}

TEST_F(Admission, RoutesThatThePlatformDoesNotHave) {
  EXPECT_TRUE(outcome(keyed("key-dev", "GET", "/v1/organizations/users"))
                  .starts_with("404 GET /v1/organizations/users"));
  EXPECT_TRUE(outcome(keyed("key-dev", "PUT", "/v1/messages")).starts_with("405"));
}

TEST_F(Admission, TheCommandLinesCredentialsHavePoliciesOnlyWhenGiven) {
  config_.api_keys.emplace_back("key-plain");
  EXPECT_EQ(outcome(keyed("key-plain", "POST", "/v1/files")), "");
  config_.policies = {"AnthropicReadOnlyAccess"};
  const auto completed = complete(config_, std::nullopt, kNow);
  ASSERT_TRUE(completed);
  config_ = *completed;
  EXPECT_TRUE(outcome(keyed("key-plain")).contains("User: arn:aws:iam::123456789012:user/emulator is not"));
}

}  // namespace
}  // namespace awl::emulator
