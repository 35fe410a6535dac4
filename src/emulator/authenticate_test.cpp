#include "emulator/authenticate.h"

#include <gtest/gtest.h>

#include "base/strings.h"
#include "emulator/test_support.h"

namespace awl::emulator {
namespace {

using testing::kNow;
using testing::make_config;
using testing::make_request;

constexpr const char* kBody = R"({"model":"claude-sonnet-4-6"})";

struct Refusal {
  int status = 0;
  std::string message;
};

Refusal refusal_of(const Config& config, const net::ServerRequest& request, TimePoint now = kNow) {
  const auto identity = authenticate(config, request, now);
  if (identity) return {};
  return {identity.error().status, identity.error().message};
}

void drop_header(net::ServerRequest& request, std::string_view name) {
  std::erase_if(request.headers,
                [&](const net::Header& header) { return equals_ignore_case(header.name, name); });
}

std::string& header_of(net::ServerRequest& request, std::string_view name) {
  for (net::Header& header : request.headers) {
    if (equals_ignore_case(header.name, name)) return header.value;
  }
  ADD_FAILURE() << "no header " << name;
  static std::string none;
  return none;
}

class SignedRequest : public ::testing::Test {
 protected:
  /// A request signed with the long-term key, unless `key` says otherwise.
  net::ServerRequest signed_request(size_t key = 0, const testing::SignOptions& options = {}) {
    net::ServerRequest request = make_request(kBody);
    testing::sign(request, config_.access_keys[key], options);
    return request;
  }
  void expect_refused(const net::ServerRequest& request, int status, std::string_view part) {
    const Refusal refusal = refusal_of(config_, request);
    EXPECT_EQ(refusal.status, status) << refusal.message;
    EXPECT_TRUE(refusal.message.contains(part)) << refusal.message;
  }
  Config config_ = make_config();
};

TEST_F(SignedRequest, IsAcceptedWithLongTermAndTemporaryKeys) {
  const auto identity = authenticate(config_, signed_request(), kNow);
  ASSERT_TRUE(identity) << identity.error().message;
  EXPECT_EQ(identity->method, "sigv4");
  EXPECT_EQ(identity->principal, "AKIDLONG");
  EXPECT_EQ(identity->workspace, testing::kWorkspace);
  EXPECT_TRUE(authenticate(config_, signed_request(1), kNow));
}

TEST_F(SignedRequest, AllowsUnsignedHeadersAndUpToFiveMinutesOfSkew) {
  net::ServerRequest request = signed_request();
  request.headers.push_back({"X-Forwarded-For", "10.0.0.1"});
  request.headers.push_back({"x-amzn-trace-id", "Root=1"});
  EXPECT_TRUE(authenticate(config_, request, kNow));
  EXPECT_TRUE(authenticate(config_, request, kNow + std::chrono::minutes(5)));
  EXPECT_TRUE(authenticate(config_, request, kNow - std::chrono::minutes(5)));
}

TEST_F(SignedRequest, MayCoverTheHostWithoutItsPort) {
  net::ServerRequest request = make_request(kBody);
  header_of(request, "host") = "127.0.0.1";
  testing::sign(request, config_.access_keys[0]);
  header_of(request, "host") = "127.0.0.1:8787";
  EXPECT_TRUE(authenticate(config_, request, kNow));
  header_of(request, "host") = "localhost:8787";
  expect_refused(request, 403, "SignatureDoesNotMatch");
}

TEST_F(SignedRequest, IsRefusedOutsideTheSkew) {
  const Refusal late = refusal_of(config_, signed_request(), kNow + std::chrono::seconds(301));
  EXPECT_EQ(late.status, 403);
  EXPECT_TRUE(late.message.contains("Signature expired: 20260102T030405Z is now earlier than"))
      << late.message;
  const Refusal early = refusal_of(config_, signed_request(), kNow - std::chrono::seconds(301));
  EXPECT_TRUE(early.message.contains("Signature not yet current")) << early.message;
}

TEST_F(SignedRequest, IsRefusedWhenAnythingSignedWasChanged) {
  net::ServerRequest request = signed_request();
  request.target = "/v1/messages";
  expect_refused(request, 403, "SignatureDoesNotMatch: The request signature we calculated");
  request = signed_request();
  header_of(request, "content-type") = "text/plain";
  expect_refused(request, 403, "SignatureDoesNotMatch");
  request = signed_request();
  request.method = "PUT";
  expect_refused(request, 403, "SignatureDoesNotMatch");
  request = signed_request();
  request.body += " ";
  expect_refused(request, 400, "XAmzContentSHA256Mismatch");
}

TEST_F(SignedRequest, BodyIsCoveredEvenWithoutItsHashHeader) {
  net::ServerRequest request = make_request(kBody);
  aws::Credentials wrong = config_.access_keys[0];
  wrong.secret_access_key = Secret("another");
  testing::sign(request, wrong);
  expect_refused(request, 403, "SignatureDoesNotMatch: The request signature");
}

TEST_F(SignedRequest, ScopeNamesRegionServiceAndDay) {
  expect_refused(signed_request(0, {.region = "eu-west-1"}), 403,
                 "Credential should be scoped to a valid region, not 'eu-west-1'");
  expect_refused(signed_request(0, {.service = "bedrock"}), 403,
                 "scoped to correct service: 'aws-external-anthropic'");
  net::ServerRequest request = signed_request();
  header_of(request, "x-amz-date") = "20260103T030405Z";
  expect_refused(request, 403, "Date in Credential scope does not match");
  header_of(request, "x-amz-date") = "yesterday";
  expect_refused(request, 400, "is not of the form YYYYMMDDTHHMMSSZ");
}

TEST_F(SignedRequest, KeyMustBeKnown) {
  net::ServerRequest request = make_request(kBody);
  testing::sign(request, testing::make_key("AKIDNOBODY", "x"));
  expect_refused(request, 403, "The security token included in the request is invalid");
}

TEST_F(SignedRequest, SessionTokenMustBeTheKeysOwnAndStillValid) {
  net::ServerRequest request = make_request(kBody);
  testing::sign(request, testing::make_key("AKIDTOKEN", "token-secret", "another-token"));
  expect_refused(request, 403, "UnrecognizedClientException");
  request = make_request(kBody);
  testing::sign(request, testing::make_key("AKIDTOKEN", "token-secret"));
  expect_refused(request, 403, "UnrecognizedClientException");
  request = make_request(kBody);
  testing::sign(request, testing::make_key("AKIDLONG", "long-secret", "surplus"));
  expect_refused(request, 403, "UnrecognizedClientException");
  config_.access_keys[1].expiration = kNow;
  expect_refused(signed_request(1), 401,
                 "ExpiredTokenException: The security token included in the request is expired");
}

TEST_F(SignedRequest, ErrorsDoNotRepeatSecrets) {
  net::ServerRequest request = signed_request(1);
  header_of(request, "content-type") = "text/plain";
  const Refusal refusal = refusal_of(config_, request);
  EXPECT_TRUE(refusal.message.contains("x-amz-security-token:…")) << refusal.message;
  EXPECT_FALSE(refusal.message.contains("the-token"));
}

TEST_F(SignedRequest, CertainHeadersMustBeSigned) {
  net::ServerRequest request = make_request(kBody);
  drop_header(request, "anthropic-workspace-id");
  testing::sign(request, config_.access_keys[0]);
  request.headers.push_back({"anthropic-workspace-id", std::string(testing::kWorkspace)});
  expect_refused(request, 403, "'anthropic-workspace-id' must be a 'SignedHeader'");
  request = signed_request();
  request.headers.push_back({"x-amz-meta", "1"});
  expect_refused(request, 403, "'x-amz-meta' must be a 'SignedHeader'");
  request = make_request(kBody);
  drop_header(request, "host");
  testing::sign(request, config_.access_keys[0]);
  request.headers.push_back({"host", "127.0.0.1"});
  expect_refused(request, 403, "'Host' must be a 'SignedHeader'");
  request = signed_request();
  drop_header(request, "content-type");
  expect_refused(request, 403, "the signed header 'content-type' is not in the request");
}

TEST(Authenticate, OneKindOfCredentials) {
  const Config config = make_config();
  net::ServerRequest request = make_request(kBody);
  EXPECT_TRUE(refusal_of(config, request).message.contains("MissingAuthenticationToken"));
  request.headers.push_back({"x-api-key", "sk-ant-good"});
  EXPECT_EQ(authenticate(config, request, kNow)->method, "api key");
  request.headers.push_back({"authorization", "Bearer bearer-good"});
  EXPECT_EQ(refusal_of(config, request).status, 400);
  drop_header(request, "x-api-key");
  EXPECT_EQ(authenticate(config, request, kNow)->method, "bearer");
}

TEST(Authenticate, WrongKeysAndTokensAreNotRepeated) {
  const Config config = make_config();
  net::ServerRequest request = make_request(kBody);
  request.headers.push_back({"x-api-key", "sk-ant-stale"});
  Refusal refusal = refusal_of(config, request);
  EXPECT_EQ(refusal.status, 403);
  EXPECT_FALSE(refusal.message.contains("sk-ant-stale"));
  drop_header(request, "x-api-key");
  request.headers.push_back({"authorization", "Bearer nobody"});
  refusal = refusal_of(config, request);
  EXPECT_EQ(refusal.status, 401);
  EXPECT_FALSE(refusal.message.contains("nobody"));
}

TEST(Authenticate, WorkspaceIsRequiredAndKnown) {
  Config config = make_config();
  config.require_auth = false;
  net::ServerRequest request = make_request(kBody);
  EXPECT_EQ(authenticate(config, request, kNow)->method, "none");
  header_of(request, "anthropic-workspace-id") = "wrkspc_other";
  Refusal refusal = refusal_of(config, request);
  EXPECT_EQ(refusal.status, 403);
  EXPECT_TRUE(refusal.message.contains("workspace wrkspc_other not found in region us-east-1"));
  drop_header(request, "anthropic-workspace-id");
  refusal = refusal_of(config, request);
  EXPECT_EQ(refusal.status, 400);
  EXPECT_TRUE(refusal.message.contains("anthropic-workspace-id: header is required"));
}

}  // namespace
}  // namespace awl::emulator
