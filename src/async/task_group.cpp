#include "async/task_group.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>
#include <list>

#include "async/event.h"

namespace awl::async {

namespace asio = boost::asio;

struct TaskGroup::State {
  explicit State(Executor e) : executor(std::move(e)), changed(executor) {}
  Executor executor;
  // Shared, because Asio may still hold a pointer to the signal of a task that has just ended.
  std::list<std::shared_ptr<asio::cancellation_signal>> running;
  std::exception_ptr failure;
  Event changed;
};

TaskGroup::TaskGroup(Executor executor) : state_(std::make_shared<State>(std::move(executor))) {}

TaskGroup::~TaskGroup() { cancel(); }

void TaskGroup::spawn(Task<> task) {
  auto signal = state_->running.insert(state_->running.end(), std::make_shared<asio::cancellation_signal>());
  auto on_end = [state = state_, signal](const std::exception_ptr& error) {
    // An emission that was dispatched before stands in the queue before this.
    asio::post(state->executor, [keep = *signal] {});
    state->running.erase(signal);
    if (error) {
      try {
        std::rethrow_exception(error);
      } catch (const boost::system::system_error& e) {
        if (e.code() != asio::error::operation_aborted && !state->failure) state->failure = error;
      } catch (...) {
        if (!state->failure) state->failure = error;
      }
    }
    state->changed.notify_all();
  };
  asio::co_spawn(state_->executor, std::move(task),
                 asio::bind_cancellation_slot((*signal)->slot(), std::move(on_end)));
}

void TaskGroup::cancel() {
  const auto state = state_;
  // A cancelled task may end, and so leave the list, inside emit().
  for (auto it = state->running.begin(); it != state->running.end();) {
    auto current = it++;
    const auto keep = *current;
    keep->emit(asio::cancellation_type::terminal);
  }
}

Task<> TaskGroup::join() {
  const auto state = state_;
  std::exception_ptr left;
  try {
    while (!state->running.empty()) co_await state->changed.wait();
  } catch (const boost::system::system_error&) {
    left = std::current_exception();
  }
  if (left) {
    cancel();
    co_await asio::this_coro::reset_cancellation_state();
    while (!state->running.empty()) co_await state->changed.wait();
    std::rethrow_exception(left);
  }
  if (state->failure) std::rethrow_exception(std::exchange(state->failure, nullptr));
}

size_t TaskGroup::size() const { return state_->running.size(); }

}  // namespace awl::async
