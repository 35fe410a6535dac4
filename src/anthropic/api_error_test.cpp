#include "anthropic/api_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace awl::anthropic {
namespace {

using ::testing::HasSubstr;

TEST(ApiError, TakesTheSentenceAndBothIds) {
  const CallError error =
      parse_error_response(403, {{"Request-Id", "req_1"}, {"x-amzn-RequestId", "uuid-2"}},
                           R"({"type":"error","error":{"type":"permission_error","message":"not yours"}})");
  EXPECT_EQ(error.status, 403);
  EXPECT_EQ(error.category, "authentication_failed");
  EXPECT_EQ(error.error.kind, ErrorKind::kCredentials);
  EXPECT_THAT(error.error.message, HasSubstr("403: not yours"));
  EXPECT_THAT(error.error.message, HasSubstr("req_1"));
  EXPECT_THAT(error.error.message, HasSubstr("uuid-2"));
}

TEST(ApiError, ReadsOtherFormsToo) {
  EXPECT_THAT(parse_error_response(403, {}, R"({"Message":"aws says no"})").error.message,
              HasSubstr("aws says no"));
  EXPECT_THAT(parse_error_response(502, {}, "<html>Bad gateway</html>").error.message,
              HasSubstr("<html>Bad gateway"));
  EXPECT_THAT(parse_error_response(500, {}, "").error.message, HasSubstr("no explanation"));
}

TEST(ApiError, HidesKeysThatAPeerQuotes) {
  EXPECT_THAT(parse_error_response(401, {}, R"({"error":{"message":"bad key sk-ant-abcdef"}})").error.message,
              ::testing::Not(HasSubstr("abcdef")));
}

TEST(ApiError, Categories) {
  EXPECT_EQ(category_of(429, ""), "rate_limit");
  EXPECT_EQ(category_of(529, ""), "overloaded");
  EXPECT_EQ(category_of(200, "overloaded_error"), "overloaded");
  EXPECT_EQ(category_of(500, ""), "server_error");
  EXPECT_EQ(category_of(400, ""), "invalid_request");
  EXPECT_EQ(category_of(402, ""), "billing_error");
  EXPECT_EQ(category_of(0, "api_error"), "server_error");
  EXPECT_EQ(category_of(0, "permission_error"), "authentication_failed");
  EXPECT_EQ(category_of(0, "brand_new_error"), "unknown");
}

TEST(ApiError, SpendLimitsAreAboutMoney) {
  const auto category = [](int status, std::string_view body) {
    return parse_error_response(status, {}, body).category;
  };
  EXPECT_EQ(
      category(
          429,
          R"({"error":{"type":"rate_limit_error","message":"later","details":{"error_code":"enforced_spend_limit_reached"}}})"),
      "billing_error");
  EXPECT_EQ(category(429, R"({"error":{"message":"spend limit reached, daily"}})"), "billing_error");
  EXPECT_EQ(category(400, R"({"error":{"message":"Your credit balance is too low"}})"), "billing_error");
  EXPECT_EQ(category(429, R"({"error":{"type":"rate_limit_error","message":"slow down"}})"), "rate_limit");
}

}  // namespace
}  // namespace awl::anthropic
