#include "base/secret.h"

#include <gtest/gtest.h>

namespace awl {
namespace {

TEST(Secret, ShowsOnlyTheHeadOfALongSecret) {
  EXPECT_EQ(Secret("AKIDEXAMPLEKEY").masked(), "AKID…");
  EXPECT_EQ(Secret("short").masked(), "…");
  EXPECT_EQ(Secret().masked(), "");
}

TEST(Secret, AMovedFromSecretIsEmpty) {
  Secret a("a-secret-that-is-long-enough-to-live-on-the-heap");
  Secret b(std::move(a));
  EXPECT_TRUE(a.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(b.expose(), "a-secret-that-is-long-enough-to-live-on-the-heap");
}

TEST(Redact, HidesEveryKindOfKey) {
  EXPECT_EQ(redact("id AKIAIOSFODNN7EXAMPLE end"), "id [redacted] end");
  EXPECT_EQ(redact("x-api-key: sk-ant-test-0001"), "x-api-key: [redacted]");
  EXPECT_EQ(redact("Authorization: Bearer abcdefghij"), "Authorization: [redacted]");
  EXPECT_EQ(redact("aws-external-anthropic-api-key-QUJDRA=="), "[redacted]");
}

TEST(Redact, LeavesOrdinaryTextAlone) {
  EXPECT_EQ(redact("the ASIA region, a Bearer of news"), "the ASIA region, a Bearer of news");
}

}  // namespace
}  // namespace awl
