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
}

}  // namespace
}  // namespace awl::anthropic
