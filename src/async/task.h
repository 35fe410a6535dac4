// The coroutine type of the project.
//
// One io_context, one thread: a Task runs on the thread that runs its io_context, so tasks need no locks.
// Cancellation unwinds: when the owner cancels, the co_await in progress throws
// boost::system::system_error(operation_aborted); destructors clean up and the exception ends at the
// TaskGroup. Name awaited values before you use them: `auto r = co_await f(std::move(x));`.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace awl {

template <typename T = void>
using Task = boost::asio::awaitable<T>;

using Executor = boost::asio::any_io_executor;

}  // namespace awl
