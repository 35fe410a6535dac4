#include "os/signal_watch.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace awl::os {
namespace {

bool is_readable(int descriptor) {
  pollfd waiting{descriptor, POLLIN, 0};
  return ::poll(&waiting, 1, 0) == 1;
}

int arrival(const SignalWatch& watch) {
  unsigned char number = 0;
  return ::read(watch.arrivals(), &number, 1) == 1 ? number : 0;
}

void ignore(int) {}

TEST(SignalWatch, TellsEachSignalOnceAndStaysStopped) {
  const auto watch = SignalWatch::make().value();
  watch->start({SIGUSR1, SIGUSR2});
  EXPECT_FALSE(is_readable(watch->stop()));
  EXPECT_EQ(arrival(*watch), 0);
  ::raise(SIGUSR1);
  ::raise(SIGUSR2);
  EXPECT_EQ(SignalWatch::last(), SIGUSR2);
  EXPECT_EQ(arrival(*watch), SIGUSR1);
  EXPECT_EQ(arrival(*watch), SIGUSR2);
  EXPECT_EQ(arrival(*watch), 0);
  EXPECT_TRUE(is_readable(watch->stop())) << "also after the arrivals were read";
}

TEST(SignalWatch, WhatAChildGetsIsNotForItsParent) {
  const auto watch = SignalWatch::make().value();
  watch->start({SIGUSR1});
  const pid_t child = ::fork();
  if (child == 0) {
    ::raise(SIGUSR1);
    ::_exit(0);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_FALSE(is_readable(watch->stop()));
}

TEST(SignalWatch, GivesTheSignalsBack) {
  const auto before = std::signal(SIGUSR1, ignore);
  {
    const auto watch = SignalWatch::make().value();
    watch->start({SIGUSR1});
  }
  EXPECT_EQ(std::signal(SIGUSR1, before), ignore);
}

TEST(SignalWatch, ASignalLeftToTheExitEndsNothing) {
  const auto before = std::signal(SIGUSR1, SIG_DFL);
  {
    const auto watch = SignalWatch::make().value();
    watch->start({SIGUSR1});
    watch->leave_to_exit(SIGUSR1);
    ::raise(SIGUSR1);
    EXPECT_FALSE(is_readable(watch->stop()));
  }
  ::raise(SIGUSR1);
  EXPECT_EQ(std::signal(SIGUSR1, before), SIG_IGN);
}

}  // namespace
}  // namespace awl::os
