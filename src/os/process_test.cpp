#include "os/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>

#include "async/timeout.h"
#include "os/descriptor.h"
#include "os/process_fixture.h"

namespace awl::os {
namespace {

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

}  // namespace
}  // namespace awl::os
