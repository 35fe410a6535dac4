#include "telemetry/meter.h"

#include <gtest/gtest.h>

namespace awl::telemetry {
namespace {

const Attributes kIn{{"type", "input"}};
const Attributes kOut{{"type", "output"}};

TEST(MeterTest, EachTakeHoldsWhatWasCountedSinceTheOneBefore) {
  Meter meter(false, 100);
  EXPECT_TRUE(meter.empty());
  meter.add("tokens", "tokens", kIn, int64_t{3});
  meter.add("tokens", "tokens", kIn, int64_t{4});
  meter.add("tokens", "tokens", kOut, int64_t{1});
  meter.add("cost", "USD", {}, 0.5);
  meter.add("cost", "USD", {}, 0.25);
  auto taken = meter.take(200);
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0].name, "cost");
  EXPECT_EQ(std::get<double>(taken[0].points.at(0).value), 0.75);
  EXPECT_EQ(taken[1].unit, "tokens");
  EXPECT_EQ(taken[1].start, 100);
  EXPECT_EQ(taken[1].time, 200);
  ASSERT_EQ(taken[1].points.size(), 2U);
  EXPECT_EQ(std::get<int64_t>(taken[1].points[0].value), 7);
  EXPECT_TRUE(meter.empty());
  EXPECT_TRUE(meter.take(300).empty());
  meter.add("tokens", "tokens", kIn, int64_t{1});
  taken = meter.take(400);
  EXPECT_EQ(taken.at(0).start, 300);
  EXPECT_EQ(std::get<int64_t>(taken.at(0).points.at(0).value), 1);
}

TEST(MeterTest, CumulativeItGoesOnFromTheStart) {
  Meter meter(true, 100);
  meter.add("tokens", "", kIn, int64_t{3});
  meter.take(200);
  meter.add("tokens", "", kIn, int64_t{4});
  const auto taken = meter.take(300);
  EXPECT_EQ(taken.at(0).start, 100);
  EXPECT_TRUE(taken.at(0).cumulative);
  EXPECT_EQ(std::get<int64_t>(taken.at(0).points.at(0).value), 7);
}

}  // namespace
}  // namespace awl::telemetry
