#include "aws/cached_provider.h"

#include <gtest/gtest.h>

#include "async/event.h"
#include "async/task_group.h"
#include "async/timeout.h"
#include "aws/test_support.h"

namespace awl::aws {
namespace {

using namespace std::chrono_literals;

// Answers with a new key id each time; with an event, only once it is notified.
class CountingProvider : public CredentialsProvider {
 public:
  std::string name() const override { return "counting"; }
  Task<Result<Credentials>> fetch() override {
    const int number = ++asked;
    if (gate != nullptr) co_await gate->wait();
    if (broken) co_return fail(ErrorKind::kCredentials, "broken");
    co_return Credentials{"AKID" + std::to_string(number), Secret("s"), Secret(), expiration, "a test"};
  }

  int asked = 0;
  bool broken = false;
  std::optional<TimePoint> expiration;
  async::Event* gate = nullptr;
};

class CachedProviderTest : public ::testing::Test {
 protected:
  CachedProviderTest() {
    auto inner = std::make_unique<CountingProvider>();
    inner_ = inner.get();
    cached_ = make_cached_provider(std::move(inner), [this] { return now_; });
  }

  std::string fetch_id() {
    auto result = testing::run(cached_->fetch());
    return result ? result->access_key_id : result.error().message;
  }

  // Runs `body` on the loop that gated fetches need.
  void run_on_loop(Task<> body) {
    std::exception_ptr failure;
    boost::asio::co_spawn(io_, std::move(body), [&failure](const std::exception_ptr& e) { failure = e; });
    io_.run();
    if (failure) std::rethrow_exception(failure);
  }

  static Task<> fetch_into(CachedProvider* cached, std::string* out) {
    auto result = co_await cached->fetch();
    *out = result ? result->access_key_id : result.error().message;
  }
  // Lets every task that can go on do so.
  static Task<> settle() {
    for (int i = 0; i < 5; ++i) co_await boost::asio::post(boost::asio::use_awaitable);
  }

  boost::asio::io_context io_;
  TimePoint now_ = testing::at_hour(12);
  CountingProvider* inner_ = nullptr;
  std::unique_ptr<CachedProvider> cached_;
};

TEST_F(CachedProviderTest, RenewsFiveMinutesBeforeALongLifeEnds) {
  inner_->expiration = now_ + 2h;
  EXPECT_EQ(fetch_id(), "AKID1");
  now_ += 115min - 1ms;
  EXPECT_EQ(fetch_id(), "AKID1");
  now_ += 1ms;
  EXPECT_EQ(fetch_id(), "AKID2");
}

TEST_F(CachedProviderTest, RenewsInTheLastTenthOfAShortLife) {
  inner_->expiration = now_ + 10min;
  EXPECT_EQ(fetch_id(), "AKID1");
  now_ += 9min - 1ms;
  EXPECT_EQ(fetch_id(), "AKID1");
  now_ += 1ms;
  EXPECT_EQ(fetch_id(), "AKID2");
}

TEST_F(CachedProviderTest, WhatIsKeptServesUntilItExpiresWhenItCannotBeRenewed) {
  inner_->expiration = now_ + 2h;
  EXPECT_EQ(fetch_id(), "AKID1");
  inner_->broken = true;
  now_ += 116min;
  EXPECT_EQ(fetch_id(), "AKID1");
  EXPECT_EQ(fetch_id(), "AKID1");
  EXPECT_EQ(inner_->asked, 2);  // not asked again at once
  now_ += 11s;
  EXPECT_EQ(fetch_id(), "AKID1");
  EXPECT_EQ(inner_->asked, 3);
  now_ += 4min;
  EXPECT_EQ(fetch_id(), "broken");
}

TEST_F(CachedProviderTest, KeepsAnHourWithoutExpiration) {
  EXPECT_EQ(fetch_id(), "AKID1");
  now_ += 1h - 1ms;
  EXPECT_EQ(fetch_id(), "AKID1");
  now_ += 1ms;
  EXPECT_EQ(fetch_id(), "AKID2");
}

TEST_F(CachedProviderTest, InvalidateForgets) {
  EXPECT_EQ(fetch_id(), "AKID1");
  cached_->invalidate();
  EXPECT_EQ(fetch_id(), "AKID2");
  EXPECT_EQ(cached_->name(), "counting");
}

TEST_F(CachedProviderTest, ErrorsAreNotKept) {
  inner_->broken = true;
  EXPECT_EQ(fetch_id(), "broken");
  inner_->broken = false;
  EXPECT_EQ(fetch_id(), "AKID2");
}

TEST_F(CachedProviderTest, FetchesAtTheSameTimeShareOne) {
  async::Event gate(io_.get_executor());
  inner_->gate = &gate;
  std::string a, b, c;
  auto body = [&]() -> Task<> {
    async::TaskGroup group(io_.get_executor());
    group.spawn(fetch_into(cached_.get(), &a));
    group.spawn(fetch_into(cached_.get(), &b));
    co_await settle();
    group.spawn(fetch_into(cached_.get(), &c));
    co_await settle();
    gate.notify_all();
    co_await group.join();
  };
  run_on_loop(body());
  EXPECT_EQ(inner_->asked, 1);
  EXPECT_EQ(a + b + c, "AKID1AKID1AKID1");
}

TEST_F(CachedProviderTest, ErrorsAreSharedToo) {
  async::Event gate(io_.get_executor());
  inner_->gate = &gate;
  inner_->broken = true;
  std::string a, b;
  auto body = [&]() -> Task<> {
    async::TaskGroup group(io_.get_executor());
    group.spawn(fetch_into(cached_.get(), &a));
    group.spawn(fetch_into(cached_.get(), &b));
    co_await settle();
    gate.notify_all();
    co_await group.join();
  };
  run_on_loop(body());
  EXPECT_EQ(inner_->asked, 1);
  EXPECT_EQ(a + b, "brokenbroken");
}

TEST_F(CachedProviderTest, WhenTheOneThatAsksIsCancelledAnotherAsks) {
  async::Event gate(io_.get_executor());
  inner_->gate = &gate;
  std::string a, b;
  auto body = [&]() -> Task<> {
    async::TaskGroup first(io_.get_executor());
    async::TaskGroup second(io_.get_executor());
    first.spawn(fetch_into(cached_.get(), &a));
    co_await settle();
    second.spawn(fetch_into(cached_.get(), &b));
    co_await settle();
    first.cancel();
    co_await first.join();
    co_await settle();
    EXPECT_EQ(inner_->asked, 2);
    gate.notify_all();
    co_await second.join();
  };
  run_on_loop(body());
  EXPECT_EQ(a, "");
  EXPECT_EQ(b, "AKID2");
}

TEST_F(CachedProviderTest, WhatWasAskedBeforeInvalidateIsNotKept) {
  async::Event gate(io_.get_executor());
  inner_->gate = &gate;
  std::string before, after;
  auto body = [&]() -> Task<> {
    async::TaskGroup group(io_.get_executor());
    group.spawn(fetch_into(cached_.get(), &before));
    co_await settle();
    cached_->invalidate();
    group.spawn(fetch_into(cached_.get(), &after));
    co_await settle();
    gate.notify_all();
    co_await group.join();
  };
  run_on_loop(body());
  EXPECT_EQ(before, "AKID1");
  EXPECT_EQ(after, "AKID2");
  inner_->gate = nullptr;
  EXPECT_EQ(fetch_id(), "AKID2");
}

}  // namespace
}  // namespace awl::aws
