#pragma once

#include <memory>

#include "async/task.h"

namespace awl::async {

/// Owns concurrent tasks: every spawned task ends before join() returns, and cancel() asks all of them to.
/// The owner must co_await join() before it is destroyed; the destructor cancels, but cannot wait.
/// A task that throws anything but a cancellation is a bug: the exception is kept and thrown by join().
class TaskGroup {
 public:
  explicit TaskGroup(Executor executor);
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  /// Starts `task` at the next turn of the loop.
  void spawn(Task<> task);
  /// Asks every running task to stop. Further tasks may be spawned afterwards.
  void cancel();
  /// Waits until no task is left. When the caller is cancelled meanwhile, the tasks are cancelled and waited
  /// for first.
  Task<> join();
  size_t size() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace awl::async
