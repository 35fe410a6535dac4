#pragma once

#include <chrono>
#include <optional>

#include "async/task.h"

namespace awl::async {

/// Cancellable pause.
Task<> sleep_for(std::chrono::steady_clock::duration duration);

/// Runs `task`; when it has not ended after `limit`, cancels it and waits for its clean-up.
/// True when it ended by itself. Cancelling the caller cancels `task` too.
Task<bool> finish_within(Task<> task, std::chrono::steady_clock::duration limit);

/// The same for a task with a value: nullopt when the limit was reached.
template <typename T>
Task<std::optional<T>> with_timeout(Task<T> task, std::chrono::steady_clock::duration limit) {
  std::optional<T> value;
  auto store = [](Task<T> inner, std::optional<T>* out) -> Task<> {
    out->emplace(co_await std::move(inner));
  };
  co_await finish_within(store(std::move(task), &value), limit);
  co_return value;
}

}  // namespace awl::async
