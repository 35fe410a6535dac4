#include "cli/session_run.h"

#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <csignal>
#include <cstdlib>

#include "async/task_group.h"
#include "async/timeout.h"
#include "cli/messages.h"
#include "headless/run.h"
#include "headless/stream_json_input.h"
#include "os/process.h"

namespace awl::cli {

namespace {

constexpr int kExitSignalBase = 128;
// What a second SIGINT leaves to the turn for its result.
constexpr std::chrono::milliseconds kPatience{1'500};

struct Outcome {
  int exit_code = 1;
  int terminated_by = 0;
  bool bad_input = false;
};

Task<> run_and_store(SessionParts parts, int& exit_code) {
  exit_code = co_await headless::run(parts.engine, parts.output, parts.out, parts.idle_limit);
}

// Whatever still holds the run up is not waited for any more.
Task<> end_soon() {
  co_await async::sleep_for(kPatience);
  os::kill_descendants();
  std::_Exit(kExitSignalBase + SIGINT);
}

Task<> obey_signals(int arrivals, agent::Engine& engine, async::TaskGroup& session,
                    async::TaskGroup& listeners, int& terminated_by) {
  const Executor executor = co_await boost::asio::this_coro::executor;
  boost::asio::posix::stream_descriptor input(executor, ::dup(arrivals));
  bool interrupted = false;
  for (;;) {
    unsigned char signal = 0;
    co_await input.async_read_some(boost::asio::buffer(&signal, 1), boost::asio::use_awaitable);
    if (signal != SIGINT) {
      terminated_by = signal;
      session.cancel();
      continue;
    }
    engine.post(protocol::EndInput{});
    engine.post(protocol::Interrupt{.drop_waiting = true});
    if (std::exchange(interrupted, true)) listeners.spawn(end_soon());
  }
}

// Input that cannot be read ends the run; what was asked before is still answered.
Task<> feed_input(SessionParts parts, bool& bad_input) {
  const auto read = co_await headless::read_stream_json(STDIN_FILENO, parts.engine, *parts.desk);
  if (read) co_return;
  bad_input = true;
  tell("Error: " + describe(read.error()));
}

Task<> run_all(SessionParts parts, Outcome& outcome) {
  const Executor executor = co_await boost::asio::this_coro::executor;
  async::TaskGroup session(executor);
  async::TaskGroup listeners(executor);
  parts.signals.start({SIGINT, SIGTERM, SIGHUP, SIGQUIT});
  session.spawn(run_and_store(parts, outcome.exit_code));
  listeners.spawn(
      obey_signals(parts.signals.arrivals(), parts.engine, session, listeners, outcome.terminated_by));
  if (parts.desk != nullptr) listeners.spawn(feed_input(parts, outcome.bad_input));
  if (parts.progress != nullptr) listeners.spawn(parts.progress->run());
  co_await session.join();
  listeners.cancel();
  co_await listeners.join();
  if (parts.desk != nullptr) co_await parts.desk->stop();
}

}  // namespace

int run_session(boost::asio::io_context& io, SessionParts parts) {
  Outcome outcome;
  std::exception_ptr failure;
  boost::asio::co_spawn(io, run_all(parts, outcome),
                        [&failure](const std::exception_ptr& e) { failure = e; });
  io.run();
  // The turn has its result; one more Ctrl-C must not take the exit code that belongs to it.
  parts.signals.leave_to_exit(SIGINT);
  os::kill_descendants();
  if (failure) std::rethrow_exception(failure);
  if (outcome.terminated_by != 0) return kExitSignalBase + outcome.terminated_by;
  // A reader that took nothing more was given up for a signal, which the loop may not have read yet.
  if (parts.out.error() == ECANCELED) return kExitSignalBase + os::SignalWatch::last();
  return outcome.bad_input ? 1 : outcome.exit_code;
}

}  // namespace awl::cli
