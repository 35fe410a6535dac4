#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <optional>
#include <utility>

#include "async/task.h"

namespace awl::async {

/// A condition that tasks of one loop wait for. Wake-ups may be spurious: wait in a loop over the real
/// condition.
class Event {
 public:
  explicit Event(const Executor& executor);
  /// Returns after the next notify_all(). Cancellable.
  Task<> wait();
  void notify_all();

 private:
  boost::asio::steady_timer timer_;
};

/// A queue between tasks of one loop. It has no bound of its own: what feeds it must have one.
template <typename T>
class Channel {
 public:
  explicit Channel(const Executor& executor) : changed_(executor) {}

  /// Dropped when the channel is closed.
  void push(T value) {
    if (closed_) return;
    items_.push_back(std::move(value));
    changed_.notify_all();
  }
  /// The next item; nullopt when the channel is closed and empty.
  Task<std::optional<T>> pop() {
    while (items_.empty() && !closed_) co_await changed_.wait();
    co_return try_pop();
  }
  std::optional<T> try_pop() {
    if (items_.empty()) return std::nullopt;
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    return item;
  }
  /// No further item is accepted; those inside can still be popped.
  void close() {
    closed_ = true;
    changed_.notify_all();
  }
  bool empty() const { return items_.empty(); }
  bool closed() const { return closed_; }

 private:
  std::deque<T> items_;
  bool closed_ = false;
  Event changed_;
};

}  // namespace awl::async
