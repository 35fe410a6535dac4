#include "anthropic/stream_watch.h"

#include <gtest/gtest.h>

namespace awl::anthropic {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr StreamWatch::TimePoint kStart{};

TEST(StreamWatch, SilenceEndsAfterTheShorterLimit) {
  StreamWatch watch({.bytes = seconds(20), .events = seconds(30)}, kStart);
  EXPECT_EQ(watch.deadline(), kStart + seconds(20));
  watch.on_bytes(kStart + seconds(5), true);
  EXPECT_EQ(watch.deadline(), kStart + seconds(25));
}

TEST(StreamWatch, PingsHoldBothTimersBackForAWhile) {
  StreamWatch watch({.bytes = minutes(5), .events = minutes(5)}, kStart);
  watch.on_bytes(kStart + minutes(4), false);
  EXPECT_EQ(watch.deadline(), kStart + minutes(9));
  watch.on_bytes(kStart + minutes(8), false);
  EXPECT_EQ(watch.deadline(), kStart + minutes(10)) << "five minutes of grace, then the limit on events";
  watch.on_bytes(kStart + minutes(9), true);
  EXPECT_EQ(watch.deadline(), kStart + minutes(14));
}

TEST(StreamWatch, WithoutTheByteTimerPingsDoNotCount) {
  StreamWatch watch({.bytes = {}, .events = minutes(5)}, kStart);
  watch.on_bytes(kStart + minutes(4), false);
  EXPECT_EQ(watch.deadline(), kStart + minutes(5));
}

TEST(StreamWatch, WithoutTimersAStreamMayBeSilentForever) {
  EXPECT_EQ(StreamWatch({.bytes = {}, .events = {}}, kStart).deadline(), std::nullopt);
}

}  // namespace
}  // namespace awl::anthropic
