// What the tests of this folder share.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <optional>
#include <string>

#include "async/task.h"
#include "base/clock.h"
#include "net/http.h"
#include "os/file.h"

namespace awl::aws::testing {

/// Runs one task to its end on a loop of its own.
template <typename T>
T run(Task<T> task) {
  boost::asio::io_context io;
  std::optional<T> value;
  std::exception_ptr failure;
  boost::asio::co_spawn(io, std::move(task), [&](const std::exception_ptr& error, T result) {
    failure = error;
    value = std::move(result);
  });
  io.run();
  if (failure) std::rethrow_exception(failure);
  return std::move(*value);
}

/// A home folder for one test.
class TemporaryHome {
 public:
  TemporaryHome() {
    auto made = os::make_private_directory(std::filesystem::temp_directory_path(), "awl-aws-test-");
    if (!made) throw std::runtime_error(made.error().message);
    path_ = *made;
  }
  ~TemporaryHome() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryHome(const TemporaryHome&) = delete;
  TemporaryHome& operator=(const TemporaryHome&) = delete;

  const os::Path& path() const { return path_; }
  std::string credentials_path() const { return path_ / ".aws/credentials"; }
  std::string config_path() const { return path_ / ".aws/config"; }
  void write(const std::string& name, std::string_view text) const {
    const os::Path file = path_ / name;
    EXPECT_TRUE(os::make_directories(file.parent_path()));
    EXPECT_TRUE(os::write_file_atomic(file, text));
  }

 private:
  os::Path path_;
};

/// A network in which nothing answers.
class NoNetwork : public net::HttpClient {
 public:
  Task<Result<std::unique_ptr<net::HttpResponse>>> send(net::HttpRequest request) override {
    co_return fail(ErrorKind::kNetwork, "nothing answers at " + request.url);
  }
};

inline TimePoint at_hour(int hour) {
  return std::chrono::sys_days{std::chrono::year{2026} / 1 / 2} + std::chrono::hours(hour);
}

inline Clock fixed_clock(TimePoint time) {
  return [time] { return time; };
}

}  // namespace awl::aws::testing
