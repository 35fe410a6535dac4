#include "aws/short_term_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/encoding.h"

namespace awl::aws {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using ::testing::HasSubstr;

constexpr std::string_view kPrefixOfKeys = "aws-external-anthropic-api-key-";

// 2026-01-02T03:04:05Z
const TimePoint kNow = TimePoint(seconds(1'767'323'045));

Credentials key_maker(std::string token = "") {
  Credentials credentials;
  credentials.access_key_id = "AKIAIOSFODNN7EXAMPLE";
  credentials.secret_access_key = Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
  credentials.session_token = Secret(std::move(token));
  credentials.source = "environment";
  return credentials;
}

std::string decoded(const NewShortTermKey& made) {
  const std::string& key = made.key.expose();
  EXPECT_TRUE(key.starts_with(kPrefixOfKeys));
  return from_base64(key.substr(kPrefixOfKeys.size())).value();
}

// The signatures were made with AWS's @smithy/signature-v4.
TEST(ShortTermKeyTest, IsTheRequestThatAwsSigns) {
  const auto made = make_short_term_key(key_maker(), "us-east-1", kNow, hours(12));
  ASSERT_TRUE(made);
  EXPECT_EQ(
      decoded(*made),
      "aws-external-anthropic.amazonaws.com/?Action=CallWithBearerToken&X-Amz-Algorithm=AWS4-HMAC-SHA256&"
      "X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260102%2Fus-east-1%2Faws-external-anthropic%2Faws4_request&"
      "X-Amz-Date=20260102T030405Z&X-Amz-Expires=43200&X-Amz-Signature="
      "1f3a38fed6b92db062e41786c7b2f26b20cb6eeea60bde06f46bc12f2788e08c&X-Amz-SignedHeaders=host&Version=1");
  EXPECT_EQ(made->expires, kNow + hours(12));
}

TEST(ShortTermKeyTest, ASessionTokenIsSignedToo) {
  const auto made = make_short_term_key(key_maker("AQoDYXdzEXAMPLE+/=token"), "us-east-1", kNow, hours(12));
  ASSERT_TRUE(made);
  EXPECT_THAT(decoded(*made), HasSubstr("&X-Amz-Security-Token=AQoDYXdzEXAMPLE%2B%2F%3Dtoken&X-Amz-Signature="
                                        "198d87066bb9dc53ec9075e949faea3770b894a030182c70de3e8f5496f774df&"));
}

TEST(ShortTermKeyTest, LivesNoLongerThanItsCredentials) {
  Credentials credentials = key_maker("t");
  credentials.expiration = kNow + std::chrono::minutes(30);
  EXPECT_TRUE(make_short_term_key(credentials, "us-east-1", kNow, std::chrono::minutes(30)));
  const auto refused = make_short_term_key(credentials, "us-east-1", kNow, hours(1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kCredentials);
  EXPECT_THAT(describe(refused.error()), HasSubstr("at most --ttl 1800s"));
  credentials.expiration = kNow - seconds(1);
  EXPECT_THAT(describe(make_short_term_key(credentials, "us-east-1", kNow, hours(1)).error()),
              HasSubstr("have expired"));
}

TEST(ShortTermKeyTest, FromASecondToTwelveHours) {
  EXPECT_TRUE(make_short_term_key(key_maker(), "us-east-1", kNow, seconds(1)));
  for (const seconds lifetime : {seconds(0), seconds(-5), seconds(43'201)}) {
    const auto refused = make_short_term_key(key_maker(), "us-east-1", kNow, lifetime);
    ASSERT_FALSE(refused) << lifetime.count();
    EXPECT_EQ(refused.error().kind, ErrorKind::kInvalidInput);
  }
}

TEST(ShortTermKeyTest, LengthsOfTime) {
  EXPECT_EQ(parse_lifetime("90").value(), seconds(90));
  EXPECT_EQ(parse_lifetime("90s").value(), seconds(90));
  EXPECT_EQ(parse_lifetime(" 15m ").value(), seconds(900));
  EXPECT_EQ(parse_lifetime("1h30m").value(), seconds(5400));
  for (const char* text : {"", "h", "1d", "1h-5m", "1.5h", "one", "99999999999999999999h", "1h30"})
    EXPECT_FALSE(parse_lifetime(text)) << text;
}

}  // namespace
}  // namespace awl::aws
