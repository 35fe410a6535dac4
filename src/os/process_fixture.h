// What the tests of child processes share: a folder, a loop, and commands to start.
#pragma once

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <fstream>

#include "base/uuid.h"
#include "os/process.h"

namespace awl::os {

using namespace std::chrono_literals;

class ProcessTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = Path(testing::TempDir()) / ("awl-process-" + random_hex(6));
    std::filesystem::create_directory(folder_);
    folder_ = std::filesystem::canonical(folder_);
  }
  void TearDown() override {
    std::filesystem::remove_all(folder_);
    // Nothing is left to wait for: no zombie.
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
  }

  template <typename T>
  T run(Task<T> task) {
    std::optional<T> value;
    std::exception_ptr failure;
    auto keep = [&value](Task<T> inner) -> Task<> { value.emplace(co_await std::move(inner)); };
    boost::asio::co_spawn(io_, keep(std::move(task)),
                          [&failure](const std::exception_ptr& e) { failure = e; });
    io_.restart();
    io_.run();
    if (failure) std::rethrow_exception(failure);
    return std::move(*value);
  }

  ProcessOptions options(std::vector<std::string> argv) const {
    return {.argv = std::move(argv), .environment = {"PATH=/usr/bin:/bin"}, .working_directory = folder_};
  }
  ProcessOptions shell(std::string script) const { return options({"/bin/bash", "-c", std::move(script)}); }
  Result<CommandResult> command(ProcessOptions o, std::string input = {},
                                std::chrono::milliseconds limit = 20s, size_t max = 16 << 20) {
    return run(run_command(std::move(o), std::move(input), limit, max));
  }
  std::unique_ptr<Process> start(const ProcessOptions& o) {
    auto process = Process::start(io_.get_executor(), o);
    EXPECT_TRUE(process) << process.error().message;
    return std::move(*process);
  }

  boost::asio::io_context io_;
  Path folder_;
};

inline bool is_alive(pid_t pid) {
  // A killed orphan is reaped by init, a moment later.
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(stat, text);
  return !text.empty() && text.find(") Z") == std::string::npos;
}

/// Reads one line, waiting for it at most ten seconds.
inline std::string read_line(int fd) {
  std::string line;
  char c = 0;
  pollfd readable{fd, POLLIN, 0};
  while (::poll(&readable, 1, 10'000) == 1 && ::read(fd, &c, 1) == 1 && c != '\n') line += c;
  return line;
}

inline void expect_gone(pid_t pid) {
  for (int i = 0; i < 200 && is_alive(pid); ++i) ::usleep(1000);  // reaped by init, not by us
  EXPECT_FALSE(is_alive(pid));
}

}  // namespace awl::os
