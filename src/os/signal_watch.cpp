#include "os/signal_watch.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace awl::os {

namespace {

// A signal handler reaches nothing but globals.
volatile std::sig_atomic_t arrivals_in = -1;
volatile std::sig_atomic_t stop_in = -1;
volatile std::sig_atomic_t last_signal = 0;
volatile std::sig_atomic_t watching_pid = 0;

void note(int signal) {
  // A child that has not begun its program yet still has this handler: what it gets is not for us.
  if (::getpid() != watching_pid) return;
  const int saved = errno;
  const auto byte = static_cast<unsigned char>(signal);
  last_signal = signal;
  // A full pipe says enough already.
  for (const int descriptor : {static_cast<int>(arrivals_in), static_cast<int>(stop_in)})
    static_cast<void>(::write(descriptor, &byte, 1) < 0);
  errno = saved;
}

Result<> make_pipe(FileDescriptor& out, FileDescriptor& in) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
    return fail(ErrorKind::kIo, "no pipe can be made: " + std::generic_category().message(errno));
  out.reset(ends[0]);
  in.reset(ends[1]);
  return {};
}

}  // namespace

struct SignalWatch::Saved {
  int signal = 0;
  struct sigaction action{};
};

Result<std::unique_ptr<SignalWatch>> SignalWatch::make() {
  std::unique_ptr<SignalWatch> watch(new SignalWatch);
  AWL_CHECK(make_pipe(watch->arrivals_, watch->arrivals_in_));
  AWL_CHECK(make_pipe(watch->stop_, watch->stop_in_));
  return watch;
}

void SignalWatch::start(const std::vector<int>& signals) {
  arrivals_in = arrivals_in_.get();
  stop_in = stop_in_.get();
  last_signal = 0;
  watching_pid = ::getpid();
  struct sigaction action{};
  action.sa_handler = note;  // without SA_RESTART: a blocked write(2) returns
  ::sigemptyset(&action.sa_mask);
  for (const int signal : signals) {
    Saved saved{signal, {}};
    if (::sigaction(signal, &action, &saved.action) == 0) saved_.push_back(saved);
  }
}

void SignalWatch::leave_to_exit(int signal) {
  std::signal(signal, SIG_IGN);
  for (Saved& saved : saved_)
    if (saved.signal == signal) ::sigaction(signal, nullptr, &saved.action);
}

SignalWatch::~SignalWatch() {
  for (const Saved& saved : saved_) ::sigaction(saved.signal, &saved.action, nullptr);
  if (saved_.empty()) return;
  arrivals_in = -1;
  stop_in = -1;
}

int SignalWatch::last() { return last_signal; }

}  // namespace awl::os
