#include "cli/stdio_service.h"

#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>

#include "async/task_group.h"

namespace awl::cli {

namespace {

constexpr int kExitBySignal = 128;

Task<> read_input(const std::function<void(std::string_view)>& feed) {
  const Executor executor = co_await boost::asio::this_coro::executor;
  boost::asio::posix::stream_descriptor input(executor, ::dup(STDIN_FILENO));
  std::array<char, 65'536> buffer{};
  for (;;) {
    boost::system::error_code error;
    const size_t size = co_await input.async_read_some(
        boost::asio::buffer(buffer), boost::asio::redirect_error(boost::asio::use_awaitable, error));
    if (error == boost::asio::error::operation_aborted) throw boost::system::system_error(error);
    if (error || size == 0) co_return;
    feed({buffer.data(), size});
  }
}

Task<> watch_signals(int arrivals, async::TaskGroup& input, int& terminated_by) {
  const Executor executor = co_await boost::asio::this_coro::executor;
  boost::asio::posix::stream_descriptor signals(executor, ::dup(arrivals));
  unsigned char signal = 0;
  co_await signals.async_read_some(boost::asio::buffer(&signal, 1), boost::asio::use_awaitable);
  terminated_by = signal;
  input.cancel();
}

}  // namespace

Task<int> take_input(os::SignalWatch& signals, std::function<void(std::string_view bytes)> feed) {
  const Executor executor = co_await boost::asio::this_coro::executor;
  int terminated_by = 0;
  async::TaskGroup input(executor);
  async::TaskGroup listeners(executor);
  input.spawn(read_input(feed));
  listeners.spawn(watch_signals(signals.arrivals(), input, terminated_by));
  co_await input.join();
  listeners.cancel();
  co_await listeners.join();
  co_return terminated_by;
}

int exit_code_of(int terminated_by) { return terminated_by == 0 ? 0 : kExitBySignal + terminated_by; }

}  // namespace awl::cli
