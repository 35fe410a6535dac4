#include "os/process_tree.h"

#include <fcntl.h>
#include <signal.h>

#include "base/strings.h"
#include "os/process_fixture.h"

namespace awl::os {
namespace {

using ProcessTreeTest = ProcessTest;

// A shell that has a child of its own; both wait for ever. Gives the pids of both.
struct Family {
  std::unique_ptr<Process> parent;
  pid_t grandchild = 0;
};

Family start_family(boost::asio::io_context& io, ProcessOptions o) {
  int ends[2];
  EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  o.stdout_fd = ends[1];
  auto process = Process::start(io.get_executor(), o);
  EXPECT_TRUE(process);
  ::close(ends[1]);
  const auto line = parse_integer(read_line(ends[0]));
  ::close(ends[0]);
  return {std::move(*process), static_cast<pid_t>(line.value_or(0))};
}

TEST_F(ProcessTreeTest, DestroyingItKillsGrandchildren) {
  auto family = start_family(io_, shell("sleep 1000 & echo $!; wait"));
  ASSERT_GT(family.grandchild, 0);
  const pid_t parent = family.parent->pid();
  EXPECT_TRUE(is_alive(family.grandchild));
  family.parent.reset();
  EXPECT_FALSE(is_alive(parent));
  expect_gone(family.grandchild);
}

TEST_F(ProcessTreeTest, DestroyingItKillsWhatOutlivedTheChild) {
  auto family = start_family(io_, shell("sleep 1000 & echo $!"));
  EXPECT_TRUE(run(family.parent->wait()).ok());
  EXPECT_TRUE(family.parent->group_alive());
  family.parent.reset();
  expect_gone(family.grandchild);
}

TEST_F(ProcessTreeTest, StopEndsTheGroupByTermination) {
  auto family = start_family(io_, shell("sleep 1000 & echo $!; wait"));
  const ExitStatus status = run(family.parent->stop(10s));
  EXPECT_EQ(status.signal, SIGTERM);
  EXPECT_EQ(status.code, 143);
  expect_gone(family.grandchild);
}

TEST_F(ProcessTreeTest, StopKillsWhatIgnoresTermination) {
  auto family = start_family(io_, shell("trap '' TERM; sleep 1000 & echo $!; wait"));
  const ExitStatus status = run(family.parent->stop(20ms));
  EXPECT_EQ(status.signal, SIGKILL);
  expect_gone(family.grandchild);
}

TEST_F(ProcessTreeTest, DestroyingItKillsTheGroupsOfJobControl) {
  auto family = start_family(io_, shell("set -m; sleep 1000 & echo $!; wait"));
  ASSERT_NE(::getpgid(family.grandchild), family.parent->pid()) << "a group of its own";
  family.parent.reset();
  expect_gone(family.grandchild);
}

TEST_F(ProcessTreeTest, DestroyingItKillsAGroupThatOutlivedTheChild) {
  auto family = start_family(io_, shell("set -m; sleep 1000 & echo $!"));
  EXPECT_TRUE(run(family.parent->wait()).ok());
  EXPECT_TRUE(family.parent->group_alive());
  family.parent.reset();
  expect_gone(family.grandchild);
}

TEST_F(ProcessTreeTest, StopEndsWhatTimeoutStarted) {
  auto family = start_family(io_, shell("timeout 300 bash -c 'echo $$; exec sleep 1000'; true"));
  ASSERT_NE(::getpgid(family.grandchild), family.parent->pid()) << "a group of its own";
  EXPECT_EQ(run(family.parent->stop(10s)).signal, SIGTERM);
  expect_gone(family.grandchild);
}

TEST_F(ProcessTreeTest, StopKillsGroupsThatIgnoreTermination) {
  auto family = start_family(io_, shell("trap '' TERM; set -m; sleep 1000 & echo $!"));
  run(family.parent->wait());
  run(family.parent->stop(20ms));
  expect_gone(family.grandchild);
  EXPECT_FALSE(family.parent->group_alive());
}

TEST_F(ProcessTreeTest, KillDescendantsFindsWhatLeftItsSession) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  // A process in between, because adoption cannot be undone.
  const pid_t owner = ::fork();
  if (owner == 0) {
    const pid_t of_its_own = ::fork();  // in the owner's session: left by a shell that became the owner
    if (of_its_own == 0) {
      ::pause();
      ::_exit(0);
    }
    adopt_orphans();
    boost::asio::io_context io;
    auto o = shell(
        "exec > out; setsid bash -c 'sleep 1000 & echo $! >&3; setsid sleep 1000 & echo $! >&3; exec sleep "
        "1000' & "
        "echo $! >&3; true & sleep 0.05");
    o.more_fds = {{ends[1], 3}};
    auto process = Process::start(io.get_executor(), o);
    boost::asio::co_spawn(io, (*process)->wait(), [](const std::exception_ptr&, ExitStatus) {});
    io.run();
    process->reset();
    kill_descendants();
    const bool spared = ::kill(of_its_own, 0) == 0;
    ::kill(of_its_own, SIGKILL);
    ::waitpid(of_its_own, nullptr, 0);
    const bool reaped = ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD;
    ::_exit((spared ? 0 : 1) + (reaped ? 0 : 2));
  }
  std::vector<pid_t> pids;
  for (int i = 0; i < 3; ++i)
    pids.push_back(static_cast<pid_t>(parse_integer(read_line(ends[0])).value_or(0)));
  int status = 0;
  ::waitpid(owner, &status, 0);
  ::close(ends[0]);
  ::close(ends[1]);
  EXPECT_EQ(status, 0) << "exit code 1: it killed too much, 2: it left zombies";
  for (const pid_t pid : pids) {
    ASSERT_GT(pid, 0);
    expect_gone(pid);
  }
}

TEST_F(ProcessTreeTest, ADaemonStays) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const pid_t owner = ::fork();
  if (owner == 0) {
    adopt_orphans();
    boost::asio::io_context io;
    auto o = shell("setsid sleep 1000 < /dev/null > /dev/null 2>&1 3>&- & echo $! >&3; sleep 0.05");
    o.more_fds = {{ends[1], 3}};
    auto process = Process::start(io.get_executor(), o);
    boost::asio::co_spawn(io, (*process)->wait(), [](const std::exception_ptr&, ExitStatus) {});
    io.run();
    process->reset();
    kill_descendants();
    ::_exit(0);
  }
  const auto daemon = static_cast<pid_t>(parse_integer(read_line(ends[0])).value_or(0));
  ::waitpid(owner, nullptr, 0);
  ::close(ends[0]);
  ::close(ends[1]);
  ASSERT_GT(daemon, 1);
  EXPECT_TRUE(is_alive(daemon));
  ::kill(daemon, SIGKILL);
  expect_gone(daemon);
}

TEST_F(ProcessTreeTest, WhatOutlivesTheChildIsSeenWhenOrphansAreAdopted) {
  // A process in between, because adoption cannot be undone.
  const pid_t owner = ::fork();
  if (owner == 0) {
    adopt_orphans();
    boost::asio::io_context io;
    const auto start_and_wait = [&io, this](const char* script) {
      auto process = Process::start(io.get_executor(), shell(script));
      boost::asio::co_spawn(io, (*process)->wait(), [](const std::exception_ptr&, ExitStatus) {});
      io.restart();
      io.run();
      return std::move(*process);
    };
    const auto alone = start_and_wait("true");  // nothing descends from this process any more
    const bool alone_alive = alone->group_alive();
    const auto survived = start_and_wait("sleep 1000 & true");
    const bool survivor_alive = survived->group_alive();
    survived->signal_group(SIGKILL);
    kill_descendants();
    ::_exit((alone_alive ? 1 : 0) + (survivor_alive ? 0 : 2) + (survived->group_alive() ? 4 : 0));
  }
  int status = 0;
  ::waitpid(owner, &status, 0);
  EXPECT_EQ(status, 0)
      << "exit code 1: a group that was empty lives, 2: one with a member does not, 4: nor died it";
}

TEST_F(ProcessTreeTest, TheChildDiesWithTheThreadThatOwnsIt) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  // A process in between, killed at once: its child must not survive it.
  const pid_t owner = ::fork();
  if (owner == 0) {
    boost::asio::io_context io;
    auto o = shell("echo $$; exec sleep 1000");
    o.stdout_fd = ends[1];
    auto process = Process::start(io.get_executor(), o);
    ::pause();
    ::_exit(0);
  }
  const auto pid = parse_integer(read_line(ends[0]));
  ::kill(owner, SIGKILL);
  ::waitpid(owner, nullptr, 0);
  ::close(ends[0]);
  ::close(ends[1]);
  ASSERT_TRUE(pid);
  expect_gone(static_cast<pid_t>(*pid));
}

}  // namespace
}  // namespace awl::os
