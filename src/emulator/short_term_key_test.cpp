#include "emulator/short_term_key.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/strings.h"
#include "emulator/test_support.h"

namespace awl::emulator {
namespace {

using testing::kNow;

constexpr const char* kSignature = "1f3a38fed6b92db062e41786c7b2f26b20cb6eeea60bde06f46bc12f2788e08c";
constexpr const char* kTokenSignature = "198d87066bb9dc53ec9075e949faea3770b894a030182c70de3e8f5496f774df";

aws::Credentials example_key(std::string token = "") {
  return testing::make_key("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                           std::move(token));
}

/// In the order of AWS's generator for JavaScript.
std::string presigned(const std::string& signature, const std::string& token = "") {
  std::string text =
      "aws-external-anthropic.amazonaws.com/?Action=CallWithBearerToken&X-Amz-Algorithm=AWS4-HMAC-SHA256"
      "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260102%2Fus-east-1%2Faws-external-anthropic%2Faws4_request"
      "&X-Amz-Date=20260102T030405Z&X-Amz-Expires=43200";
  if (!token.empty()) text += "&X-Amz-Security-Token=" + percent_encode(token);
  return text + "&X-Amz-Signature=" + signature + "&X-Amz-SignedHeaders=host&Version=1";
}

std::string as_key(const std::string& text) { return "aws-external-anthropic-api-key-" + to_base64(text); }

/// "" when the key is accepted, else "status message".
std::string outcome(const std::string& text, const aws::Credentials& key, TimePoint now = kNow,
                    std::string_view region = "us-east-1") {
  const auto parsed = parse_short_term_key(text);
  const auto verified =
      parsed ? verify_short_term_key(*parsed, key, region, now) : std::unexpected(parsed.error());
  if (verified) return "";
  return std::to_string(verified.error().status) + " " + verified.error().message;
}

TEST(ShortTermKey, GoldenVectorsAreAccepted) {
  EXPECT_EQ(outcome(as_key(presigned(kSignature)), example_key()), "");
  const std::string token = "AQoDYXdzEXAMPLE+/=token";
  EXPECT_EQ(outcome(as_key(presigned(kTokenSignature, token)), example_key(token)), "");
  // botocore's order
  const std::string other = replace_all(replace_all(presigned(kSignature), "&X-Amz-SignedHeaders=host", ""),
                                        "&X-Amz-Signature", "&X-Amz-SignedHeaders=host&X-Amz-Signature");
  EXPECT_EQ(outcome(as_key(other), example_key()), "");
}

TEST(ShortTermKey, ExpiresWithItsLifetimeOrItsCredentials) {
  const std::string key = as_key(presigned(kSignature));
  EXPECT_EQ(outcome(key, example_key(), kNow + std::chrono::seconds(43'199)), "");
  EXPECT_TRUE(
      outcome(key, example_key(), kNow + std::chrono::seconds(43'200)).starts_with("401 ExpiredToken"));
  aws::Credentials ended = example_key();
  ended.expiration = kNow;
  EXPECT_TRUE(outcome(key, ended).starts_with("401 ExpiredTokenException"));
  EXPECT_TRUE(outcome(key, example_key(), kNow - std::chrono::minutes(6)).contains("not yet current"));
}

TEST(ShortTermKey, AnyChangeIsRefused) {
  const std::string good = presigned(kSignature);
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"43200", "43199"},
                                                        {"%2Fus-east-1", "%2Feu-west-1"},
                                                        {"T030405Z", "T030406Z"},
                                                        {kSignature, kTokenSignature}}) {
    EXPECT_TRUE(
        outcome(as_key(replace_all(good, from, to)), example_key()).starts_with("403 SignatureDoesNotMatch"))
        << from;
  }
  EXPECT_TRUE(outcome(as_key(good), example_key("token")).starts_with("403 SignatureDoesNotMatch"));
  EXPECT_TRUE(outcome(as_key(good), example_key(), kNow, "us-west-2").contains("for the region 'us-east-1'"));
}

TEST(ShortTermKey, MalformedOnesSayWhere) {
  const std::string good = presigned(kSignature);
  const auto changed = [&](const std::string& from, const std::string& to) {
    return outcome(as_key(replace_all(good, from, to)), example_key());
  };
  EXPECT_TRUE(outcome("aws-external-anthropic-api-key-!", example_key()).contains("not base64"));
  EXPECT_TRUE(changed("amazonaws.com", "example.com").contains("not a request to"));
  EXPECT_TRUE(changed("CallWithBearerToken", "Other").contains("Action is not"));
  EXPECT_TRUE(changed("Version=1", "Version=2").contains("Version is not"));
  EXPECT_TRUE(changed("43200", "43201").contains("X-Amz-Expires"));
  EXPECT_TRUE(changed("Headers=host", "Headers=host%3Bdate").contains("X-Amz-SignedHeaders"));
  EXPECT_TRUE(changed("%2Faws4_request", "").contains("X-Amz-Credential"));
  EXPECT_TRUE(changed("20260102T", "20260103T").contains("X-Amz-Date"));
  EXPECT_TRUE(changed("&Version=1", "&Version=1&Version=1").contains("stands twice"));
  EXPECT_TRUE(changed("&Version=1", "&Version").contains("has no value"));
  EXPECT_FALSE(changed("43200", "43201").contains("AKIAIOSFODNN7EXAMPLE"));
  EXPECT_FALSE(looks_like_short_term_key("sk-ant-x"));
}

}  // namespace
}  // namespace awl::emulator
