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

/// A queue between tasks of one loop, bounded on the side of the sender: push() waits while it is full.
template <typename T>
class Channel {
 public:
  Channel(const Executor& executor, size_t capacity) : capacity_(capacity), changed_(executor) {}

  Task<> push(T value) {
    while (items_.size() >= capacity_ && !closed_) co_await changed_.wait();
    push_now(std::move(value));
  }
  /// For senders that cannot wait; ignores the bound. Dropped when the channel is closed.
  void push_now(T value) {
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
    changed_.notify_all();
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
  size_t capacity_;
  std::deque<T> items_;
  bool closed_ = false;
  Event changed_;
};

}  // namespace awl::async
