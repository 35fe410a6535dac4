#include "async/event.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/system/system_error.hpp>

namespace awl::async {

namespace asio = boost::asio;

Event::Event(const Executor& executor) : timer_(executor, asio::steady_timer::time_point::max()) {}

Task<> Event::wait() {
  // notify_all() ends the wait by cancelling the timer, a cancelled task by throwing from the co_await's
  // state check.
  boost::system::error_code ignored;
  co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) {
    throw boost::system::system_error(asio::error::operation_aborted);
  }
}

void Event::notify_all() { timer_.cancel(); }

}  // namespace awl::async
