#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>
#include <stdexcept>
#include <vector>

#include "async/event.h"
#include "async/task_group.h"
#include "async/timeout.h"

namespace awl::async {
namespace {

using namespace std::chrono_literals;

// Runs `task` to its end on a fresh loop; rethrows what it throws.
void run(boost::asio::io_context& io, Task<> task) {
  std::exception_ptr failure;
  boost::asio::co_spawn(io, std::move(task), [&failure](const std::exception_ptr& e) { failure = e; });
  io.run();
  if (failure) std::rethrow_exception(failure);
}

TEST(TaskGroup, JoinWaitsForEveryTask) {
  boost::asio::io_context io;
  int ended = 0;
  auto body = [&]() -> Task<> {
    TaskGroup group(io.get_executor());
    auto child = [&]() -> Task<> {
      co_await sleep_for(1ms);
      ++ended;
    };
    for (int i = 0; i < 3; ++i) group.spawn(child());
    co_await group.join();
    EXPECT_EQ(ended, 3);
  };
  run(io, body());
  EXPECT_EQ(ended, 3);
}

TEST(TaskGroup, CancelUnwindsEveryTask) {
  boost::asio::io_context io;
  int unwound = 0;
  auto body = [&]() -> Task<> {
    TaskGroup group(io.get_executor());
    auto child = [&]() -> Task<> {
      struct Count {
        int* value;
        ~Count() { ++*value; }
      } count{&unwound};
      co_await sleep_for(1h);
    };
    group.spawn(child());
    group.spawn(child());
    co_await sleep_for(1ms);
    group.cancel();
    co_await group.join();
  };
  run(io, body());
  EXPECT_EQ(unwound, 2);
}

TEST(TaskGroup, LeavingJoinCancelsTheTasksAndWaitsForThem) {
  boost::asio::io_context io;
  bool unwound = false;
  auto child = [&]() -> Task<> {
    struct Flag {
      bool* value;
      ~Flag() { *value = true; }
    } flag{&unwound};
    co_await sleep_for(1h);
  };
  auto owner = [&]() -> Task<> {
    TaskGroup group(io.get_executor());
    group.spawn(child());
    co_await group.join();
  };
  auto body = [&]() -> Task<> {
    const bool ended = co_await finish_within(owner(), 1ms);
    EXPECT_FALSE(ended);
    EXPECT_TRUE(unwound);
  };
  run(io, body());
}

TEST(TaskGroup, CancellingFromOutsideTheLoopATaskThatIsAboutToEnd) {
  boost::asio::io_context io;
  auto child = [&]() -> Task<> { co_await sleep_for(0ms); };
  for (int i = 0; i < 100; ++i) {
    TaskGroup group(io.get_executor());
    group.spawn(child());
    io.run_one();
    group.cancel();
    io.restart();
    io.run();
    io.restart();
    EXPECT_EQ(group.size(), 0U);
  }
}

TEST(TaskGroup, JoinThrowsWhatATaskThrew) {
  boost::asio::io_context io;
  auto body = [&]() -> Task<> {
    TaskGroup group(io.get_executor());
    auto child = []() -> Task<> {
      throw std::runtime_error("a bug");
      co_return;
    };
    group.spawn(child());
    co_await group.join();
  };
  EXPECT_THROW(run(io, body()), std::runtime_error);
}

TEST(Timeout, GivesTheValueOrNothing) {
  boost::asio::io_context io;
  auto body = [&]() -> Task<> {
    auto quick = []() -> Task<int> { co_return 7; };
    auto slow = []() -> Task<int> {
      co_await sleep_for(1h);
      co_return 8;
    };
    auto a = co_await with_timeout(quick(), 1h);
    EXPECT_EQ(a, 7);
    auto b = co_await with_timeout(slow(), 1ms);
    EXPECT_EQ(b, std::nullopt);
  };
  run(io, body());
}

TEST(Timeout, PassesExceptionsOn) {
  boost::asio::io_context io;
  auto body = [&]() -> Task<> {
    auto broken = []() -> Task<> {
      throw std::runtime_error("a bug");
      co_return;
    };
    co_await finish_within(broken(), 1h);
  };
  EXPECT_THROW(run(io, body()), std::runtime_error);
}

TEST(Channel, DeliversInOrderAndEndsWhenClosed) {
  boost::asio::io_context io;
  std::vector<int> got;
  auto body = [&]() -> Task<> {
    Channel<int> channel(io.get_executor());
    TaskGroup group(io.get_executor());
    auto sender = [&]() -> Task<> {
      for (int i = 0; i < 10; ++i) {
        channel.push(i);
        co_await sleep_for(0ms);
      }
      channel.close();
    };
    group.spawn(sender());
    for (;;) {
      auto item = co_await channel.pop();
      if (!item) break;
      got.push_back(*item);
    }
    co_await group.join();
  };
  run(io, body());
  EXPECT_EQ(got, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

}  // namespace
}  // namespace awl::async
