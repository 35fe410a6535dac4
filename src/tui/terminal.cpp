#include "tui/terminal.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <boost/asio/redirect_error.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "async/timeout.h"

namespace awl::tui {

namespace {

// Bracketed paste, and Shift+Enter and the like as sequences of their own where the terminal knows how.
constexpr std::string_view kTake = "\x1b[?2004h\x1b[>1u\x1b[>4;1m";
constexpr std::string_view kGiveBack = "\x1b[>4;0m\x1b[<u\x1b[?2004l\x1b[?25h\x1b[0m";
constexpr std::chrono::milliseconds kEscapePatience{40};
constexpr std::array kFatalSignals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

// For the handler of a crash alone, which can be told nothing else.
struct {
  int descriptor = -1;
  termios before{};
} crash_state;

void give_back(int descriptor, const termios& before) {
  static_cast<void>(::write(descriptor, kGiveBack.data(), kGiveBack.size()));
  ::tcsetattr(descriptor, TCSADRAIN, &before);
}

void on_crash(int signal) {
  if (crash_state.descriptor >= 0) give_back(crash_state.descriptor, crash_state.before);
  // The default action was restored (SA_RESETHAND): this ends the process as it would have ended.
  ::raise(signal);
}

void watch_for_crashes() {
  for (const int signal : kFatalSignals) {
    struct sigaction action{};
    ::sigaction(signal, nullptr, &action);
    // A sanitizer has its own.
    if (action.sa_handler != SIG_DFL) continue;
    action.sa_handler = on_crash;
    action.sa_flags = SA_RESETHAND;
    ::sigaction(signal, &action, nullptr);
  }
}

}  // namespace

Result<std::unique_ptr<Terminal>> Terminal::open(const Executor& executor) {
  const char* name = ::ttyname(STDIN_FILENO);
  if (name == nullptr)
    return fail(ErrorKind::kUnsupported, "standard input is no terminal", "Use awl -p \"…\" without one.");
  // Opened anew: how it is read and written is no matter of the programs that share the old descriptor.
  const int input = ::open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  os::FileDescriptor output(::open(name, O_WRONLY | O_NOCTTY | O_CLOEXEC));
  if (input < 0 || output.get() < 0 || ::tcgetattr(output.get(), &crash_state.before) != 0) {
    const int error = errno;
    if (input >= 0) ::close(input);
    return fail(ErrorKind::kUnsupported, std::string("the terminal cannot be used: ") + std::strerror(error));
  }
  crash_state.descriptor = output.get();
  watch_for_crashes();
  std::unique_ptr<Terminal> terminal(new Terminal(executor, std::move(output), input));
  terminal->take();
  return terminal;
}

Terminal::Terminal(const Executor& executor, os::FileDescriptor output, int input)
    : input_(executor, input), output_(std::move(output)) {}

Terminal::~Terminal() {
  release();
  crash_state.descriptor = -1;
}

void Terminal::take() {
  if (std::exchange(taken_, true)) return;
  termios raw = crash_state.before;
  ::cfmakeraw(&raw);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  ::tcsetattr(output_.get(), TCSADRAIN, &raw);
  write(kTake);
}

void Terminal::release() {
  if (std::exchange(taken_, false)) give_back(output_.get(), crash_state.before);
}

void Terminal::suspend() {
  release();
  ::raise(SIGTSTP);
  take();
}

void Terminal::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(output_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    // Reading tells that the terminal is gone.
    if (written <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

Size Terminal::size() const {
  winsize window{};
  if (::ioctl(output_.get(), TIOCGWINSZ, &window) != 0 || window.ws_col == 0 || window.ws_row == 0) return {};
  return {window.ws_col, window.ws_row};
}

namespace {

// The bytes that were read; 0: the terminal is gone.
Task<size_t> read_some(boost::asio::posix::stream_descriptor& input, std::span<char> into) {
  boost::system::error_code error;
  const size_t size =
      co_await input.async_read_some(boost::asio::buffer(into.data(), into.size()),
                                     boost::asio::redirect_error(boost::asio::use_awaitable, error));
  if (error == boost::asio::error::operation_aborted) throw boost::system::system_error(error);
  co_return error ? 0 : size;
}

}  // namespace

Task<std::vector<Key>> Terminal::read_keys() {
  std::array<char, 4096> buffer{};
  std::vector<Key> keys;
  while (keys.empty()) {
    if (decoder_.is_waiting()) {
      const auto more = co_await async::with_timeout(read_some(input_, buffer), kEscapePatience);
      if (!more) {
        keys = decoder_.flush();
      } else if (*more == 0) {
        co_return keys;
      } else {
        keys = decoder_.feed({buffer.data(), *more});
      }
      continue;
    }
    const size_t size = co_await read_some(input_, buffer);
    if (size == 0) co_return keys;
    keys = decoder_.feed({buffer.data(), size});
  }
  co_return keys;
}

}  // namespace awl::tui
