// A session in a temporary folder and the Bash tool in it, with real shells. For tests alone.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>
#include <cerrno>
#include <csignal>
#include <fstream>

#include "async/timeout.h"
#include "base/strings.h"
#include "base/uuid.h"
#include "json/value.h"
#include "tools/background_tasks.h"
#include "tools/bash.h"
#include "tools/builtin.h"
#include "tools/session.h"

namespace awl::tools {

using namespace std::chrono_literals;
using json::Value;

inline bool is_alive(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(stat, text);
  return !text.empty() && text.find(") Z") == std::string::npos;
}

class BashTest : public testing::Test {
 protected:
  void SetUp() override {
    base_ = os::Path(testing::TempDir()) / ("awl-bash-" + random_hex(6));
    for (const auto* name : {"project/sub/deep", "project-2", "home", "elsewhere"}) {
      std::filesystem::create_directories(base_ / name);
    }
    base_ = std::filesystem::canonical(base_);
    session_.executor = io_.get_executor();
    session_.id = "11111111-2222-4333-8444-555555555555";
    session_.project_dir = session_.cwd = project();
    session_.home = base_ / "home";
    session_.output_dir = base_ / "state" / "tool-results";
    session_.child_environment = Environment({{"PATH", "/usr/bin:/bin"}, {"HOME", session_.home.string()}});
    background_ = make_background_tasks(io_.get_executor(), nullptr);
    session_.background = background_.get();
    tool_ = make_bash_tool({.stop_grace = 50ms});
  }
  void TearDown() override {
    // What ended already is finished first: tasks are cancelled from outside the loop here.
    io_.restart();
    io_.poll();
    tool_.reset();
    background_.reset();
    io_.restart();
    io_.run();
    std::filesystem::remove_all(base_);
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "no zombie is left";
    EXPECT_EQ(errno, ECHILD);
  }

  os::Path project() const { return base_ / "project"; }

  void run(Task<> task) {
    std::exception_ptr failure;
    boost::asio::co_spawn(io_, std::move(task), [this, &failure](const std::exception_ptr& e) {
      failure = e;
      io_.stop();
    });
    io_.restart();
    io_.run();
    if (failure) std::rethrow_exception(failure);
  }

  ToolResult call(Value input) {
    ToolResult result;
    const auto access = tool_->access(input, session_);
    if (!access) return ToolResult::error(access.error().message);
    auto body = [&]() -> Task<> { result = co_await tool_->run(input, *access, "toolu_1", session_); };
    run(body());
    structured_ = result.structured_json.empty() ? Value() : json::parse(result.structured_json).value();
    return result;
  }
  ToolResult bash(std::string command) { return call({{"command", std::move(command)}}); }
  /// The text of a command that must succeed.
  std::string out(std::string command) {
    const ToolResult result = bash(std::move(command));
    EXPECT_FALSE(result.is_error) << result.text;
    return result.text;
  }
  void set(std::string name, std::string value) {
    session_.child_environment.set(std::move(name), std::move(value));
  }
  size_t count_files() const {
    return os::path_exists(session_.output_dir) ? os::list_directory(session_.output_dir)->size() : 0;
  }
  void expect_gone(const os::Path& pid_file) {
    const auto pid = parse_integer(trim(os::read_file(pid_file).value_or("")));
    ASSERT_TRUE(pid);
    for (int i = 0; i < 200 && is_alive(static_cast<pid_t>(*pid)); ++i) ::usleep(1000);
    EXPECT_FALSE(is_alive(static_cast<pid_t>(*pid)));
  }

  boost::asio::io_context io_;
  os::Path base_;
  Session session_;
  std::unique_ptr<BackgroundTasks> background_;
  std::unique_ptr<Tool> tool_;
  Value structured_;
};

}  // namespace awl::tools
