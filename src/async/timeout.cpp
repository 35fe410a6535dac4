#include "async/timeout.h"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/multiple_exceptions.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>

namespace awl::async {

namespace {

// A cancelled `a && b` fails twice at once; those who look for a cancellation are to find one.
std::exception_ptr first_of(std::exception_ptr failure) {
  for (;;) {
    try {
      std::rethrow_exception(failure);
    } catch (const boost::asio::multiple_exceptions& several) {
      failure = several.first_exception();
    } catch (...) {
      return failure;
    }
  }
}

// operator|| goes on waiting for the other side when one throws, so the exception is carried past it.
Task<> keep_exception(Task<> task, std::exception_ptr& failure) {
  try {
    co_await std::move(task);
  } catch (...) {
    failure = first_of(std::current_exception());
  }
}

}  // namespace

Task<> sleep_for(std::chrono::steady_clock::duration duration) {
  const Executor executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer timer(executor, duration);
  co_await timer.async_wait(boost::asio::use_awaitable);
}

Task<bool> finish_within(Task<> task, std::chrono::steady_clock::duration limit) {
  using boost::asio::experimental::awaitable_operators::operator||;
  std::exception_ptr failure;
  const auto first = co_await (keep_exception(std::move(task), failure) || sleep_for(limit));
  if (first.index() == 1) co_return false;
  if (failure) std::rethrow_exception(failure);
  co_return true;
}

}  // namespace awl::async
