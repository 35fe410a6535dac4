#include "aws/timestamp.h"

#include <gtest/gtest.h>

namespace awl::aws {
namespace {

std::string normal(std::string_view text) {
  const auto time = parse_timestamp(text);
  return time ? format_iso8601(*time) : "none";
}

TEST(ParseTimestamp, TakesTheFormsThatAwsWrites) {
  EXPECT_EQ(normal("2026-01-02T03:04:05Z"), "2026-01-02T03:04:05.000Z");
  EXPECT_EQ(normal(" 2026-01-02T03:04:05.6Z\n"), "2026-01-02T03:04:05.600Z");
  EXPECT_EQ(normal("2026-01-02T03:04:05.123456789Z"), "2026-01-02T03:04:05.123Z");
  EXPECT_EQ(normal("2026-01-02T03:04:05UTC"), "2026-01-02T03:04:05.000Z");
  EXPECT_EQ(normal("2026-01-02 03:04:05+00:00"), "2026-01-02T03:04:05.000Z");
  EXPECT_EQ(normal("2026-01-02T03:04:05+0530"), "2026-01-01T21:34:05.000Z");
  EXPECT_EQ(normal("2026-01-01T22:04:05-05:00"), "2026-01-02T03:04:05.000Z");
  EXPECT_EQ(normal("2024-02-29T00:00:00Z"), "2024-02-29T00:00:00.000Z");
}

TEST(ParseTimestamp, RefusesEverythingElse) {
  for (const char* text :
       {"", "soon", "2026-01-02", "2026-01-02T03:04Z", "2026-01-02T03:04:05", "2026-13-02T03:04:05Z",
        "2026-02-29T03:04:05Z", "2026-01-02T24:04:05Z", "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05Zz",
        "2026-01-02T03:04:05+0", "2026-01-02T03:04:05+24:00", "+026-01-02T03:04:05Z", "1767322800"}) {
    EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace awl::aws
