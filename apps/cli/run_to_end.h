#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "async/task.h"

namespace awl::cli {

/// Runs one piece of asynchronous work to its end; what it throws is thrown here.
template <typename T>
T run_to_end(boost::asio::io_context& io, Task<T> work) {
  std::optional<T> outcome;
  std::exception_ptr failure;
  boost::asio::co_spawn(io, std::move(work), [&](const std::exception_ptr& e, T value) {
    failure = e;
    if (!e) outcome.emplace(std::move(value));
  });
  io.run();
  if (failure) std::rethrow_exception(failure);
  return std::move(*outcome);
}

}  // namespace awl::cli
