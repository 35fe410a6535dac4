#include "emulator/authorization_header.h"

#include <gtest/gtest.h>

namespace awl::emulator {
namespace {

TEST(ParseAuthorization, TakesTheHeaderApart) {
  const auto given = parse_authorization(
      "AWS4-HMAC-SHA256 "
      "Credential=AKID/20260102/us-east-1/aws-external-anthropic/aws4_request,SignedHeaders=host;x-amz-date, "
      "Signature=abc");
  ASSERT_TRUE(given) << given.error().message;
  EXPECT_EQ(given->access_key_id, "AKID");
  EXPECT_EQ(given->date, "20260102");
  EXPECT_EQ(given->region, "us-east-1");
  EXPECT_EQ(given->service, "aws-external-anthropic");
  EXPECT_EQ(given->signed_headers, (std::vector<std::string>{"host", "x-amz-date"}));
  EXPECT_EQ(given->signature, "abc");
}

TEST(ParseAuthorization, NamesWhatIsMalformed) {
  const auto message = [](std::string_view header) {
    const auto given = parse_authorization(header);
    return given ? std::string("accepted") : given.error().message;
  };
  EXPECT_TRUE(message("Basic dXNlcg==").contains("Unsupported algorithm 'Basic'"));
  EXPECT_TRUE(message("AWS4-HMAC-SHA256").contains("requires 'Credential'"));
  EXPECT_TRUE(
      message("AWS4-HMAC-SHA256 Credential=a/b,SignedHeaders=host,Signature=1").contains("five parts"));
  EXPECT_TRUE(message("AWS4-HMAC-SHA256 Credential=a/20260102/r/s/aws3,SignedHeaders=host,Signature=1")
                  .contains("terminator"));
  EXPECT_TRUE(message("AWS4-HMAC-SHA256 Credential=a/today/r/s/aws4_request,SignedHeaders=host,Signature=1")
                  .contains("YYYYMMDD"));
  constexpr const char* kCredential = "AWS4-HMAC-SHA256 Credential=a/20260102/r/s/aws4_request";
  EXPECT_TRUE(message(std::string(kCredential) + ",Signature=1").contains("requires 'SignedHeaders'"));
  EXPECT_TRUE(message(std::string(kCredential) + ",SignedHeaders=host").contains("requires 'Signature'"));
  EXPECT_TRUE(message(std::string(kCredential) + ",SignedHeaders=Host,Signature=1").contains("lower-case"));
  EXPECT_TRUE(message(std::string(kCredential) + ",SignedHeaders=x;host,Signature=1").contains("sorted"));
}

TEST(ParseAmzDate, RoundTripsAndRefusesNonsense) {
  const auto date = parse_amz_date("20260102T030405Z");
  ASSERT_TRUE(date);
  EXPECT_EQ(format_amz_date(*date), "20260102T030405Z");
  for (const char* text : {"", "20260102T030405", "20261302T030405Z", "20260230T030405Z", "20260102T250405Z",
                           "2026010xT030405Z"}) {
    EXPECT_FALSE(parse_amz_date(text)) << text;
  }
}

}  // namespace
}  // namespace awl::emulator
