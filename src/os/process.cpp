#include "os/process.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <boost/asio/posix/descriptor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <optional>

#include "async/timeout.h"
#include "os/process_tree.h"
#include "os/spawn.h"

namespace awl::os {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr int kStatusUnknown = 255;      // somebody else reaped the child
constexpr int kLongestReapMs = 500;      // a killed child ends at once, but for one that hangs in the kernel
constexpr auto kGroupPollPeriod = 20ms;  // only while what a child left running is being stopped

class ChildProcess final : public Process {
 public:
  ChildProcess(const Executor& executor, Spawned spawned)
      : pid_(spawned.pid), pidfd_(executor, spawned.pidfd.release()) {
    note_owned_child(pid_);
  }

  ~ChildProcess() override {
    signal_group(SIGKILL);
    if (status_) return;
    pollfd ended{pidfd_.native_handle(), POLLIN, 0};
    while (::poll(&ended, 1, kLongestReapMs) < 0 && errno == EINTR) {
    }
    reap();
    forget_owned_child(pid_);
  }

  pid_t pid() const override { return pid_; }

  Task<ExitStatus> wait() override {
    while (!reap()) co_await pidfd_.async_wait(asio::posix::descriptor_base::wait_read, asio::use_awaitable);
    co_return *status_;
  }

  void signal_group(int signal) override {
    if (group_alive()) signal_session(pid_, signal);
  }

  bool group_alive() const override {
    if (!status_) return true;
    if (empty_) return false;
    // The number of a session is not given to a new process while the session has members. So a process with
    // that number means that the session is gone and the number belongs to somebody else.
    const bool reused = ::kill(pid_, 0) == 0 || errno != ESRCH;
    // Nobody can join a session; once empty, it stays so and /proc need not be asked again.
    empty_ = reused || !session_alive(pid_);
    return !empty_;
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
    forget_owned_child(pid_);
    return true;
  }

  pid_t pid_;
  asio::posix::stream_descriptor pidfd_;
  std::optional<ExitStatus> status_;
  mutable bool empty_ = false;  // the child has ended and the session has no living member
};

}  // namespace

Result<std::unique_ptr<Process>> Process::start(Executor executor, const ProcessOptions& options) {
  AWL_TRY(Spawned spawned, spawn(options));
  return std::make_unique<ChildProcess>(executor, std::move(spawned));
}

}  // namespace awl::os
