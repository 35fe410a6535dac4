#include "anthropic/error_advice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace awl::anthropic {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

AdviceFacts facts_of(AuthMethod method = AuthMethod::kSigV4) {
  AdviceFacts facts;
  facts.provider.kind = ProviderKind::kClaudePlatformOnAws;
  facts.provider.auth = method;
  facts.provider.auth_source = method == AuthMethod::kApiKey ? "ANTHROPIC_AWS_API_KEY" : "";
  facts.provider.base_url = "https://aws-external-anthropic.us-east-1.api.aws";
  facts.provider.workspace_id = "wrkspc_1";
  facts.provider.region = "us-east-1";
  facts.provider.region_source = "AWS_REGION";
  return facts;
}

std::string advised(int status, const std::string& body, const AdviceFacts& facts = facts_of()) {
  CallError error = parse_error_response(status, {}, body);
  advise(error, facts);
  return describe(error.error);
}

std::string api(const std::string& type, const std::string& message) {
  return R"({"type":"error","error":{"type":")" + type + R"(","message":")" + message + R"("}})";
}

TEST(ErrorAdvice, FederationIsSwitchedOnOncePerAccount) {
  EXPECT_THAT(advised(403, R"({"message":"Outbound web identity federation is disabled for your account"})"),
              AllOf(HasSubstr("aws iam enable-outbound-web-identity-federation"),
                    StartsWith("AWS authentication failed")));
}

TEST(ErrorAdvice, ADeniedActionIsNamedWithItsResource) {
  const std::string body = api("permission_error",
                               "User: arn:aws:iam::123456789012:user/u is not authorized to perform: "
                               "aws-external-anthropic:CountTokens on resource: "
                               "arn:aws:aws-external-anthropic:us-east-1:123456789012:workspace/wrkspc_1");
  EXPECT_THAT(
      advised(403, body),
      HasSubstr("Allow the action aws-external-anthropic:CountTokens on "
                "arn:aws:aws-external-anthropic:us-east-1:123456789012:workspace/wrkspc_1 to the identity"));
  EXPECT_THAT(advised(403, R"({"Message":"AccessDenied"})"),
              AllOf(HasSubstr("aws-external-anthropic:CreateInference"), HasSubstr("workspace/wrkspc_1")));
}

TEST(ErrorAdvice, AKeyThatStandsBeforeTheCredentialsIsNamed) {
  EXPECT_THAT(advised(403, api("permission_error", "API key is not valid"), facts_of(AuthMethod::kApiKey)),
              AllOf(HasSubstr("unset ANTHROPIC_AWS_API_KEY"), Not(StartsWith("AWS"))));
}

TEST(ErrorAdvice, ExpiredCredentials) {
  AdviceFacts facts = facts_of();
  const std::string body =
      R"({"message":"ExpiredTokenException: The security token included in the request is expired"})";
  EXPECT_THAT(advised(401, body, facts),
              AllOf(StartsWith("AWS credentials expired or invalid"), HasSubstr("awsAuthRefresh")));
  facts.refresh_command = "aws sso login --profile dev";
  EXPECT_THAT(advised(403, body, facts),
              AllOf(StartsWith("AWS authentication failed"), HasSubstr("Run `aws sso login --profile dev`")));
}

TEST(ErrorAdvice, TheWorkspaceAndItsRegion) {
  for (const int status : {400, 403, 404})
    EXPECT_THAT(
        advised(status, api("not_found_error", "Workspace wrkspc_1 was not found in this region")),
        AllOf(HasSubstr("ANTHROPIC_AWS_WORKSPACE_ID (wrkspc_1)"), HasSubstr("us-east-1 (from AWS_REGION)")))
        << status;
}

TEST(ErrorAdvice, ASignatureThroughAnotherHost) {
  AdviceFacts facts = facts_of();
  const std::string body =
      R"({"message":"SignatureDoesNotMatch: The request signature we calculated does not match"})";
  EXPECT_THAT(advised(403, body, facts), AllOf(HasSubstr("AWS_REGION"), Not(HasSubstr("awsSignHost"))));
  facts.provider.base_url_source = "ANTHROPIC_AWS_BASE_URL";
  EXPECT_THAT(advised(403, body, facts), HasSubstr("awsSignHost"));
}

TEST(ErrorAdvice, TheClock) {
  EXPECT_THAT(
      advised(403,
              R"({"message":"Signature expired: 20260101T000000Z is now earlier than 20260101T002000Z"})"),
      HasSubstr("clock"));
  const TimePoint now = TimePoint(std::chrono::seconds(784'111'777));  // Sun, 06 Nov 1994 08:49:37 GMT
  EXPECT_EQ(clock_skew({{"date", "Sun, 06 Nov 1994 09:49:37 GMT"}}, now), std::chrono::seconds(3600));
  EXPECT_EQ(clock_skew({{"date", "Sun, 06 Nov 1994 08:29:37 GMT"}}, now), std::chrono::seconds(-1200));
  EXPECT_EQ(clock_skew({{"date", "Sun, 06 Nov 1994 08:51:37 GMT"}}, now), std::nullopt);
  EXPECT_EQ(clock_skew({}, now), std::nullopt);
}

TEST(ErrorAdvice, AGatewayThatSigns) {
  AdviceFacts facts = facts_of(AuthMethod::kNone);
  EXPECT_THAT(advised(401, "no", facts), HasSubstr("ANTHROPIC_AUTH_TOKEN, a token for it, is not set"));
  facts.provider.auth = AuthMethod::kBearer;
  EXPECT_THAT(advised(403, "no", facts), HasSubstr("ANTHROPIC_AUTH_TOKEN is the token that it refused"));
}

TEST(ErrorAdvice, MoneyLimitsAndLoad) {
  EXPECT_THAT(advised(400, api("invalid_request_error",
                               "You have reached your specified workspace API usage limits.")),
              HasSubstr("first of next month"));
  EXPECT_THAT(advised(429, api("rate_limit_error", "too many")), HasSubstr("CLAUDE_CODE_RETRY_WATCHDOG=1"));
  EXPECT_THAT(advised(529, api("overloaded_error", "Overloaded")), HasSubstr("--fallback-model"));
  AdviceFacts facts = facts_of();
  facts.has_fallback = true;
  EXPECT_THAT(advised(529, api("overloaded_error", "Overloaded"), facts), Not(HasSubstr("--fallback-model")));
}

TEST(ErrorAdvice, ABetterHintStays) {
  CallError error = parse_error_response(429, {}, "x");
  error.error.hint = "Wait.";
  advise(error, facts_of());
  EXPECT_EQ(error.error.hint, "Wait.");
}

TEST(ErrorAdvice, TheDirectApiHasOtherReasons) {
  AdviceFacts facts = facts_of();
  facts.provider.kind = ProviderKind::kAnthropicApi;
  EXPECT_EQ(advised(401, api("authentication_error", "invalid x-api-key"), facts),
            "API error 401: invalid x-api-key");
}

TEST(ErrorAdvice, APromptThatIsTooLongInEveryonesWords) {
  for (const char* words : {"prompt is too long: 205000 tokens > 200000 maximum",
                            "Input is too long for requested model.", "capability_rejected: prompt_too_long"})
    EXPECT_THAT(advised(400, api("invalid_request_error", words)), StartsWith("Prompt is too long"));
}

TEST(ErrorAdvice, RoomForAShorterAnswer) {
  const auto room = [](const char* words, int status = 400) {
    return room_for_output(parse_error_response(status, {}, api("invalid_request_error", words)));
  };
  EXPECT_EQ(room("input length and `max_tokens` exceed context limit: 190000 + 32000 > 200000, decrease "
                 "input length"),
            10'000);
  EXPECT_EQ(room("input length and `max_tokens` exceed context limit: 199900 + 32000 > 200000"),
            std::nullopt);
  EXPECT_EQ(room("input length and `max_tokens` exceed context limit: many"), std::nullopt);
  EXPECT_EQ(room("exceed context limit: 1 + 2 > 3000", 500), std::nullopt);
}

}  // namespace
}  // namespace awl::anthropic
