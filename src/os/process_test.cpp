#include "os/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <fstream>

#include "async/task_group.h"
#include "async/timeout.h"
#include "base/strings.h"
#include "base/uuid.h"
#include "os/descriptor.h"

namespace awl::os {
namespace {

using namespace std::chrono_literals;

class ProcessTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = Path(testing::TempDir()) / ("awl-process-" + random_hex(6));
    std::filesystem::create_directory(folder_);
    folder_ = std::filesystem::canonical(folder_);
  }
  void TearDown() override {
    std::filesystem::remove_all(folder_);
    // Nothing is left to wait for: no zombie.
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
  }

  template <typename T>
  T run(Task<T> task) {
    std::optional<T> value;
    std::exception_ptr failure;
    auto keep = [&value](Task<T> inner) -> Task<> { value.emplace(co_await std::move(inner)); };
    boost::asio::co_spawn(io_, keep(std::move(task)),
                          [&failure](const std::exception_ptr& e) { failure = e; });
    io_.restart();
    io_.run();
    if (failure) std::rethrow_exception(failure);
    return std::move(*value);
  }

  ProcessOptions options(std::vector<std::string> argv) const {
    return {.argv = std::move(argv), .environment = {"PATH=/usr/bin:/bin"}, .working_directory = folder_};
  }
  ProcessOptions shell(std::string script) const { return options({"/bin/bash", "-c", std::move(script)}); }
  Result<CommandResult> command(ProcessOptions o, std::string input = {},
                                std::chrono::milliseconds limit = 20s, size_t max = 16 << 20) {
    return run(run_command(std::move(o), std::move(input), limit, max));
  }
  std::unique_ptr<Process> start(const ProcessOptions& o) {
    auto process = Process::start(io_.get_executor(), o);
    EXPECT_TRUE(process) << process.error().message;
    return std::move(*process);
  }

  boost::asio::io_context io_;
  Path folder_;
};

bool is_alive(pid_t pid) {
  // A killed orphan is reaped by init, a moment later.
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(stat, text);
  return !text.empty() && text.find(") Z") == std::string::npos;
}

/// Reads one line, waiting for it at most ten seconds.
std::string read_line(int fd) {
  std::string line;
  char c = 0;
  pollfd readable{fd, POLLIN, 0};
  while (::poll(&readable, 1, 10'000) == 1 && ::read(fd, &c, 1) == 1 && c != '\n') line += c;
  return line;
}

size_t count_descriptors() { return list_directory("/proc/self/fd")->size(); }

TEST_F(ProcessTest, ReportsTheExitCode) {
  auto process = start(shell("exit 7"));
  const ExitStatus status = run(process->wait());
  EXPECT_EQ(status.code, 7);
  EXPECT_EQ(status.signal, 0);
  EXPECT_FALSE(status.ok());
  EXPECT_FALSE(process->group_alive());
  EXPECT_EQ(run(process->wait()).code, 7) << "a second wait gives the same";
}

TEST_F(ProcessTest, ReportsTheSignalThatEndedIt) {
  auto process = start(shell("kill -KILL $$"));
  const ExitStatus status = run(process->wait());
  EXPECT_EQ(status.code, 137);
  EXPECT_EQ(status.signal, SIGKILL);
}

TEST_F(ProcessTest, AMissingProgramIsNamed) {
  const auto by_name = Process::start(io_.get_executor(), options({"no-such-program-here"}));
  ASSERT_FALSE(by_name);
  EXPECT_EQ(by_name.error().kind, ErrorKind::kNotFound);
  EXPECT_NE(by_name.error().message.find("no-such-program-here"), std::string::npos);
  const auto by_path = Process::start(io_.get_executor(), options({"/no/such/program"}));
  ASSERT_FALSE(by_path);
  EXPECT_EQ(by_path.error().kind, ErrorKind::kNotFound);
  EXPECT_NE(by_path.error().message.find("/no/such/program"), std::string::npos);
}

TEST_F(ProcessTest, AFileThatIsNoProgramIsRefused) {
  std::ofstream(folder_ / "plain.txt") << "text";
  const auto process = Process::start(io_.get_executor(), options({(folder_ / "plain.txt").string()}));
  ASSERT_FALSE(process);
  EXPECT_EQ(process.error().kind, ErrorKind::kPermissionDenied);
}

TEST_F(ProcessTest, AMissingFolderIsNamed) {
  auto o = shell("true");
  o.working_directory = folder_ / "gone";
  const auto process = Process::start(io_.get_executor(), o);
  ASSERT_FALSE(process);
  EXPECT_EQ(process.error().kind, ErrorKind::kNotFound);
  EXPECT_NE(process.error().message.find((folder_ / "gone").string()), std::string::npos);
}

TEST_F(ProcessTest, ATextWithNulIsRefused) {
  const auto process = Process::start(io_.get_executor(), shell(std::string("echo a\0b", 8)));
  ASSERT_FALSE(process);
  EXPECT_EQ(process.error().kind, ErrorKind::kInvalidInput);
}

TEST_F(ProcessTest, TheChildSeesExactlyTheGivenEnvironment) {
  auto o = options({"env"});
  o.environment = {"PATH=/usr/bin:/bin", "EMPTY=", "TEXT=a b=c"};
  const auto result = command(o);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->out, "PATH=/usr/bin:/bin\nEMPTY=\nTEXT=a b=c\n");
}

TEST_F(ProcessTest, TheProgramIsSearchedInTheChildsPath) {
  std::ofstream(folder_ / "greet") << "#!/bin/sh\necho found\n";
  ::chmod((folder_ / "greet").c_str(), 0755);
  auto o = options({"greet"});
  o.environment = {"PATH=/nonexistent:" + folder_.string()};
  const auto result = command(o);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->out, "found\n");
}

TEST_F(ProcessTest, RunsInTheGivenFolderInASessionOfItsOwn) {
  const auto result = command(shell("pwd; ps -o sid= -o pgid= -p $$ | tr -s ' ' '\\n' | grep -c \"^$$\\$\""));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->out, folder_.string() + "\n2\n");
}

TEST_F(ProcessTest, SignalsAreAsInAFreshProcess) {
  ::signal(SIGPIPE, SIG_IGN);
  sigset_t blocked;
  sigset_t before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
  const auto result = command(options({"sed", "-n", "/^Sig[BIC]/p", "/proc/self/status"}));
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->out, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\nSigCgt:\t0000000000000000\n");
}

TEST_F(ProcessTest, OnlyTheGivenDescriptorsAreInherited) {
  const FileDescriptor inheritable(::open("/dev/null", O_RDONLY));
  const FileDescriptor extra(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  auto o = shell("cd /proc/$$/fd && for fd in *; do [ -e $fd ] && echo -n \"$fd \"; done");
  o.more_fds = {{extra.get(), 77}};
  const auto result = command(o);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->out, "0 1 2 77 ");
}

TEST_F(ProcessTest, DescriptorsMaySwapPlaces) {
  // The write end of each pipe has the number that the other one gets in the child.
  int a[2];
  int b[2];
  ASSERT_EQ(::pipe2(a, O_CLOEXEC), 0);
  ASSERT_EQ(::pipe2(b, O_CLOEXEC), 0);
  auto o = shell(fmt::format("echo to-a >&{}; echo to-b >&{}", b[1], a[1]));
  o.more_fds = {{a[1], b[1]}, {b[1], a[1]}};
  auto process = start(o);
  ::close(a[1]);
  ::close(b[1]);
  EXPECT_EQ(read_line(a[0]), "to-a");
  EXPECT_EQ(read_line(b[0]), "to-b");
  run(process->wait());
  ::close(a[0]);
  ::close(b[0]);
}

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

void expect_gone(pid_t pid) {
  for (int i = 0; i < 200 && is_alive(pid); ++i) ::usleep(1000);  // reaped by init, not by us
  EXPECT_FALSE(is_alive(pid));
}

TEST_F(ProcessTest, DestroyingItKillsGrandchildren) {
  auto family = start_family(io_, shell("sleep 1000 & echo $!; wait"));
  ASSERT_GT(family.grandchild, 0);
  const pid_t parent = family.parent->pid();
  EXPECT_TRUE(is_alive(family.grandchild));
  family.parent.reset();
  EXPECT_FALSE(is_alive(parent));
  expect_gone(family.grandchild);
}

TEST_F(ProcessTest, DestroyingItKillsWhatOutlivedTheChild) {
  auto family = start_family(io_, shell("sleep 1000 & echo $!"));
  EXPECT_TRUE(run(family.parent->wait()).ok());
  EXPECT_TRUE(family.parent->group_alive());
  family.parent.reset();
  expect_gone(family.grandchild);
}

TEST_F(ProcessTest, StopEndsTheGroupByTermination) {
  auto family = start_family(io_, shell("sleep 1000 & echo $!; wait"));
  const ExitStatus status = run(family.parent->stop(10s));
  EXPECT_EQ(status.signal, SIGTERM);
  EXPECT_EQ(status.code, 143);
  expect_gone(family.grandchild);
}

TEST_F(ProcessTest, StopKillsWhatIgnoresTermination) {
  auto family = start_family(io_, shell("trap '' TERM; sleep 1000 & echo $!; wait"));
  const ExitStatus status = run(family.parent->stop(20ms));
  EXPECT_EQ(status.signal, SIGKILL);
  expect_gone(family.grandchild);
}

TEST_F(ProcessTest, DestroyingItKillsTheGroupsOfJobControl) {
  auto family = start_family(io_, shell("set -m; sleep 1000 & echo $!; wait"));
  ASSERT_NE(::getpgid(family.grandchild), family.parent->pid()) << "a group of its own";
  family.parent.reset();
  expect_gone(family.grandchild);
}

TEST_F(ProcessTest, DestroyingItKillsAGroupThatOutlivedTheChild) {
  auto family = start_family(io_, shell("set -m; sleep 1000 & echo $!"));
  EXPECT_TRUE(run(family.parent->wait()).ok());
  EXPECT_TRUE(family.parent->group_alive());
  family.parent.reset();
  expect_gone(family.grandchild);
}

TEST_F(ProcessTest, StopEndsWhatTimeoutStarted) {
  auto family = start_family(io_, shell("timeout 300 bash -c 'echo $$; exec sleep 1000'; true"));
  ASSERT_NE(::getpgid(family.grandchild), family.parent->pid()) << "a group of its own";
  EXPECT_EQ(run(family.parent->stop(10s)).signal, SIGTERM);
  expect_gone(family.grandchild);
}

TEST_F(ProcessTest, StopKillsGroupsThatIgnoreTermination) {
  auto family = start_family(io_, shell("trap '' TERM; set -m; sleep 1000 & echo $!"));
  run(family.parent->wait());
  run(family.parent->stop(20ms));
  expect_gone(family.grandchild);
  EXPECT_FALSE(family.parent->group_alive());
}

TEST_F(ProcessTest, KillDescendantsFindsWhatLeftItsSession) {
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
        "setsid bash -c 'sleep 1000 & echo $! >&3; setsid sleep 1000 & echo $! >&3; exec sleep 1000' & "
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

TEST_F(ProcessTest, TheChildDiesWithTheThreadThatOwnsIt) {
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

TEST_F(ProcessTest, ACancelledWaitLeavesTheChildRunning) {
  auto process = start(options({"sleep", "1000"}));
  auto body = [&]() -> Task<bool> {
    auto wait = [&]() -> Task<> { co_await process->wait(); };
    const bool ended = co_await async::finish_within(wait(), 5ms);
    co_return ended;
  };
  EXPECT_FALSE(run(body()));
  EXPECT_TRUE(is_alive(process->pid()));
}

TEST_F(ProcessTest, RunCommandCollectsBothStreams) {
  const auto result = command(shell("echo out; echo err >&2; exit 3"));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status.code, 3);
  EXPECT_EQ(result->out, "out\n");
  EXPECT_EQ(result->err, "err\n");
  EXPECT_FALSE(result->truncated);
}

TEST_F(ProcessTest, WithoutInputStdinIsEmpty) {
  const auto result = command(options({"cat"}));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->out, "");
}

TEST_F(ProcessTest, AMegabyteGoesThroughCat) {
  std::string text;
  while (text.size() < (1 << 20)) text += random_hex(512);
  const auto result = command(options({"cat"}), text);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->out == text);
}

TEST_F(ProcessTest, InputThatNobodyReadsIsNoProblem) {
  const auto result = command(options({"true"}), std::string(1 << 20, 'x'));
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->status.ok());
}

TEST_F(ProcessTest, OutputIsBounded) {
  const auto result =
      command(shell("head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2; exit 4"), {}, 20s, 1000);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->out.size(), 1000u);
  EXPECT_EQ(result->err.size(), 1000u);
  EXPECT_TRUE(result->truncated);
  EXPECT_EQ(result->status.code, 4);
}

TEST_F(ProcessTest, TheLimitKillsTheGroup) {
  const auto result = command(shell("sleep 1000 & echo $! > pid; wait"), {}, 100ms);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kTimeout);
  const auto pid = parse_integer(trim(read_file(folder_ / "pid").value_or("")));
  ASSERT_TRUE(pid);
  expect_gone(static_cast<pid_t>(*pid));
}

TEST_F(ProcessTest, AGrandchildThatHoldsThePipeDoesNotHang) {
  const auto begin = std::chrono::steady_clock::now();
  const auto result = command(shell("sleep 1000 & echo $!"));
  ASSERT_TRUE(result);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
  const auto pid = parse_integer(trim(result->out));
  ASSERT_TRUE(pid);
  expect_gone(static_cast<pid_t>(*pid));
}

TEST_F(ProcessTest, ManyAtOnceWithoutLeaks) {
  command(options({"true"}));  // the loop opens its own descriptors on first use
  const size_t before = count_descriptors();
  int right = 0;
  auto body = [&]() -> Task<bool> {
    async::TaskGroup group(io_.get_executor());
    auto one = [&](int number) -> Task<> {
      const auto result =
          co_await run_command(shell(fmt::format("cat; exit {}", number)), std::to_string(number), 60s);
      if (result && result->status.code == number && result->out == std::to_string(number)) ++right;
    };
    for (int i = 0; i < 40; ++i) group.spawn(one(i));
    co_await group.join();
    co_return true;
  };
  run(body());
  EXPECT_EQ(right, 40);
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(command(options({"no-such-program-here"}), "input"));
  }
  EXPECT_EQ(count_descriptors(), before);
}

}  // namespace
}  // namespace awl::os
