#include "os/process.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <boost/asio/posix/descriptor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>

#include "async/timeout.h"
#include "os/spawn.h"

namespace awl::os {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr int kStatusUnknown = 255;      // somebody else reaped the child
constexpr int kLongestReapMs = 500;      // a killed child ends at once, but for one that hangs in the kernel
constexpr auto kGroupPollPeriod = 10ms;  // only while a group is being stopped

// True when the process of that number is a member of `group` and no zombie, by /proc (proc(5), "stat").
bool is_living_member(int proc, const char* number, pid_t group) {
  char path[64];
  std::snprintf(path, sizeof path, "%s/stat", number);
  const FileDescriptor file(::openat(proc, path, O_RDONLY | O_CLOEXEC));
  char text[512];
  const ssize_t size = ::read(file.get(), text, sizeof text - 1);
  if (size <= 0) return false;
  text[size] = '\0';
  // The name in parentheses may itself have spaces and parentheses.
  const char* fields = std::strrchr(text, ')');
  char state = 0;
  int parent = 0;
  int its_group = 0;
  if (fields == nullptr || std::sscanf(fields + 1, " %c %d %d", &state, &parent, &its_group) != 3)
    return false;
  return its_group == group && state != 'Z' && state != 'X';
}

bool has_living_member(pid_t group) {
  DIR* proc = ::opendir("/proc");
  if (proc == nullptr) return true;
  bool found = false;
  while (const dirent* entry = ::readdir(proc)) {
    const char first = entry->d_name[0];
    if (first < '1' || first > '9' || !is_living_member(::dirfd(proc), entry->d_name, group)) continue;
    found = true;
    break;
  }
  ::closedir(proc);
  return found;
}

class ChildProcess final : public Process {
 public:
  ChildProcess(const Executor& executor, Spawned spawned)
      : pid_(spawned.pid), pidfd_(executor, spawned.pidfd.release()) {}

  ~ChildProcess() override {
    signal_group(SIGKILL);
    if (status_) return;
    pollfd ended{pidfd_.native_handle(), POLLIN, 0};
    while (::poll(&ended, 1, kLongestReapMs) < 0 && errno == EINTR) {
    }
    reap();
  }

  pid_t pid() const override { return pid_; }

  Task<ExitStatus> wait() override {
    while (!reap()) co_await pidfd_.async_wait(asio::posix::descriptor_base::wait_read, asio::use_awaitable);
    co_return *status_;
  }

  void signal_group(int signal) override {
    if (group_alive()) ::kill(-pid_, signal);
  }

  bool group_alive() const override {
    if (!status_) return true;
    // The number of a group is not given to a new process while the group has members. So a process with that
    // number means that the group is gone and the number belongs to somebody else.
    // A member may also be a zombie that init is slow to reap, or never reaps, as in many containers.
    return ::kill(-pid_, 0) == 0 && ::kill(pid_, 0) != 0 && has_living_member(pid_);
  }

  Task<ExitStatus> stop(std::chrono::milliseconds grace) override {
    const auto deadline = std::chrono::steady_clock::now() + grace;
    signal_group(SIGTERM);
    signal_group(SIGCONT);
    co_await async::finish_within(wait_quietly(), grace);
    while (status_ && group_alive() && std::chrono::steady_clock::now() < deadline) {
      co_await async::sleep_for(kGroupPollPeriod);
    }
    signal_group(SIGKILL);
    const ExitStatus status = co_await wait();
    co_return status;
  }

 private:
  Task<> wait_quietly() { co_await wait(); }

  // True when the child has ended and its status is known.
  bool reap() {
    if (status_) return true;
    siginfo_t info{};
    const int done = ::waitid(P_PIDFD, static_cast<id_t>(pidfd_.native_handle()), &info, WEXITED | WNOHANG);
    if (done != 0) {
      if (errno != ECHILD) return false;
      status_ = ExitStatus{kStatusUnknown, 0};
    } else if (info.si_pid == 0) {
      return false;
    } else if (info.si_code == CLD_EXITED) {
      status_ = ExitStatus{info.si_status, 0};
    } else {
      status_ = ExitStatus{128 + info.si_status, info.si_status};
    }
    return true;
  }

  pid_t pid_;
  asio::posix::stream_descriptor pidfd_;
  std::optional<ExitStatus> status_;
};

}  // namespace

Result<std::unique_ptr<Process>> Process::start(Executor executor, const ProcessOptions& options) {
  AWL_TRY(Spawned spawned, spawn(options));
  return std::make_unique<ChildProcess>(executor, std::move(spawned));
}

}  // namespace awl::os
