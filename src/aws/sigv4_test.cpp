#include "aws/sigv4.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "crypto/sha256.h"

namespace awl::aws {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kBody = R"({"model":"claude-sonnet-4-6","max_tokens":1,"messages":[]})";

Credentials example_credentials(std::string token = {}) {
  Credentials credentials;
  credentials.access_key_id = "AKIAIOSFODNN7EXAMPLE";
  credentials.secret_access_key = Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
  credentials.session_token = Secret(std::move(token));
  return credentials;
}

Signable messages_request() {
  return {.method = "POST",
          .path = "/v1/messages",
          .query = "beta=true",
          .headers = {{"host", "aws-external-anthropic.us-east-1.api.aws"},
                      {"content-type", "application/json"},
                      {"anthropic-version", "2023-06-01"},
                      {"anthropic-workspace-id", "wrkspc_01ABCDEFGHIJKLMN"}},
          .body = kBody};
}

SigningConfig platform_config() {
  const TimePoint date = std::chrono::sys_days{std::chrono::year{2026} / 1 / 2} + 3h + 4min + 5s;
  return {.region = "us-east-1", .service = "aws-external-anthropic", .date = date};
}

std::string header(const SigningResult& result, std::string_view name) {
  const auto found = std::find_if(result.headers_to_add.begin(), result.headers_to_add.end(),
                                  [&](const auto& entry) { return entry.first == name; });
  return found == result.headers_to_add.end() ? "" : found->second;
}

// Both signatures were computed with AWS's own JavaScript signer.
TEST(Sign, MessagesRequestWithLongTermKeys) {
  const SigningResult result = sign(messages_request(), platform_config(), example_credentials());
  EXPECT_EQ(crypto::sha256_hex(kBody), "061c0178fe2d2e2a374f5e7b2cddc1a9f827435932728475c037fb494fb85fa7");
  EXPECT_EQ(result.signature, "313714ca1156a8778d210855f348f0ea782df4d9df7eeac2194aaa81dfee1c5c")
      << result.canonical_request;
  EXPECT_EQ(result.signed_headers,
            "anthropic-version;anthropic-workspace-id;content-type;host;x-amz-content-sha256;x-amz-date");
  EXPECT_EQ(header(result, "x-amz-date"), "20260102T030405Z");
  EXPECT_EQ(header(result, "x-amz-content-sha256"), crypto::sha256_hex(kBody));
  EXPECT_EQ(header(result, "x-amz-security-token"), "");
  EXPECT_EQ(result.headers_to_add.back().first, "authorization");
  EXPECT_EQ(result.headers_to_add.back().second,
            "AWS4-HMAC-SHA256 "
            "Credential=AKIAIOSFODNN7EXAMPLE/20260102/us-east-1/aws-external-anthropic/aws4_request, "
            "SignedHeaders=anthropic-version;anthropic-workspace-id;content-type;host;x-amz-content-sha256;x-"
            "amz-date, "
            "Signature=313714ca1156a8778d210855f348f0ea782df4d9df7eeac2194aaa81dfee1c5c");
}

TEST(Sign, MessagesRequestWithSessionToken) {
  const SigningResult result =
      sign(messages_request(), platform_config(), example_credentials("AQoDYXdzEXAMPLE+/=token"));
  EXPECT_EQ(result.signature, "4001398666ad9ecd895c9944eee7509afc124ac1c691fe46c5de6ec3f7b6d40b")
      << result.canonical_request;
  EXPECT_EQ(header(result, "x-amz-security-token"), "AQoDYXdzEXAMPLE+/=token");
}

TEST(Sign, ARetryIsSignedAsIfForTheFirstTime) {
  Signable again = messages_request();
  const SigningResult first = sign(again, platform_config(), example_credentials("old token"));
  again.headers.insert(again.headers.end(), first.headers_to_add.begin(), first.headers_to_add.end());
  again.headers.emplace_back("X-Amz-Date", "19990101T000000Z");
  const SigningResult second = sign(again, platform_config(), example_credentials());
  EXPECT_EQ(second.signature, "313714ca1156a8778d210855f348f0ea782df4d9df7eeac2194aaa81dfee1c5c");
}

TEST(CanonicalUri, NormalisesAndEncodesOnceMore) {
  EXPECT_EQ(canonical_uri("", true, true), "/");
  EXPECT_EQ(canonical_uri("//a/./b/../c//", true, true), "/a/c/");
  EXPECT_EQ(canonical_uri("/../..", true, true), "/");
  EXPECT_EQ(canonical_uri("/a%20b", true, true), "/a%2520b");
  EXPECT_EQ(canonical_uri("/a%20b", true, false), "/a%20b");
  EXPECT_EQ(canonical_uri("//a/../b", false, false), "//a/../b");
}

TEST(CanonicalQuery, SortsAndSpellsOneWay) {
  EXPECT_EQ(canonical_query(""), "");
  EXPECT_EQ(canonical_query("b=2&a=1&a=0&B"), "B=&a=0&a=1&b=2");
  EXPECT_EQ(canonical_query("a=%7e&b=%e1%88%b4&c=x=y"), "a=~&b=%E1%88%B4&c=x%3Dy");
  EXPECT_EQ(canonical_query("a=1&&b=%zz&"), "a=1&b=%25zz");
  EXPECT_EQ(canonical_query("a+b=+"), "a%2Bb=%2B");
}

}  // namespace
}  // namespace awl::aws
