#include "tools/background_tasks.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <csignal>
#include <set>

#include "async/timeout.h"
#include "base/uuid.h"

namespace awl::tools {
namespace {

using namespace std::chrono_literals;

class BackgroundTasksTest : public testing::Test {
 protected:
  void SetUp() override {
    file_ = os::Path(testing::TempDir()) / ("awl-background-" + random_hex(6));
    make({});
  }
  void TearDown() override {
    // What ended already is finished first: tasks are cancelled from outside the loop here.
    io_.restart();
    io_.poll();
    tasks_.reset();
    io_.restart();
    io_.run();
    std::filesystem::remove(file_);
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "no zombie is left";
    EXPECT_EQ(errno, ECHILD);
  }

  void make(OutputGuard guard) {
    auto on_change = [this](const BackgroundTask& task) {
      changes_.push_back(task.id + " " + std::string(to_string(task.status)));
    };
    tasks_ = make_background_tasks(io_.get_executor(), on_change, guard);
  }

  std::string add(std::string script) {
    BackgroundTask task;
    task.command = script;
    task.output_file = file_;
    os::ProcessOptions options{.argv = {"/bin/bash", "-c", std::move(script)},
                               .environment = {"PATH=/usr/bin:/bin", "FILE=" + file_.string()},
                               .working_directory = "/"};
    auto process = os::Process::start(io_.get_executor(), options);
    EXPECT_TRUE(process);
    pid_ = (*process)->pid();
    return tasks_->add(std::move(task), std::move(*process));
  }

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

  boost::asio::io_context io_;
  os::Path file_;
  std::unique_ptr<BackgroundTasks> tasks_;
  std::vector<std::string> changes_;
  pid_t pid_ = 0;
};

TEST_F(BackgroundTasksTest, EachEndIsReportedOnce) {
  const std::string good = add("exit 0");
  const std::string bad = add("exit 3");
  EXPECT_NE(good, bad);
  EXPECT_GT(good.size(), 3u);
  EXPECT_TRUE(tasks_->any_running());
  EXPECT_FALSE(tasks_->take_ended());
  auto body = [&]() -> Task<> {
    const auto first = co_await tasks_->next_ended();
    const auto second = co_await tasks_->next_ended();
    EXPECT_EQ((std::set<std::string>{first.id, second.id}), (std::set<std::string>{good, bad}));
  };
  run(body());
  EXPECT_FALSE(tasks_->take_ended());
  EXPECT_FALSE(tasks_->any_running());
  EXPECT_EQ(tasks_->find(good)->status, TaskStatus::kCompleted);
  EXPECT_EQ(tasks_->find(bad)->status, TaskStatus::kFailed);
  EXPECT_EQ(tasks_->find(bad)->exit_code, 3);
  EXPECT_EQ(tasks_->list().size(), 2u);
  ASSERT_EQ(changes_.size(), 4u);
  EXPECT_EQ(changes_[0], good + " running");
  EXPECT_FALSE(tasks_->find("b000"));
}

TEST_F(BackgroundTasksTest, StopEndsATaskOnce) {
  const std::string id = add("sleep 1000");
  auto body = [&]() -> Task<> {
    const bool first = co_await tasks_->stop(id);
    EXPECT_TRUE(first);
    EXPECT_EQ(tasks_->find(id)->status, TaskStatus::kStopped);
    const bool second = co_await tasks_->stop(id);
    EXPECT_FALSE(second);
    const bool unknown = co_await tasks_->stop("nobody");
    EXPECT_FALSE(unknown);
  };
  run(body());
  EXPECT_EQ(tasks_->take_ended()->id, id);
  EXPECT_FALSE(tasks_->take_ended());
  EXPECT_EQ(changes_.size(), 2u);
}

TEST_F(BackgroundTasksTest, StopAllEndsAll) {
  add("sleep 1000");
  add("sleep 1000 & wait");
  run(tasks_->stop_all());
  EXPECT_FALSE(tasks_->any_running());
}

TEST_F(BackgroundTasksTest, DestroyingItKillsWhatRuns) {
  add("trap '' TERM; sleep 1000");
  tasks_.reset();
  io_.restart();
  io_.run();
  EXPECT_EQ(::kill(pid_, 0), -1);
  EXPECT_EQ(changes_.size(), 1u) << "nobody is told after the end";
}

TEST_F(BackgroundTasksTest, AWaitForTheNextEndCanBeCancelled) {
  add("sleep 1000");
  auto body = [&]() -> Task<> {
    const auto none = co_await async::with_timeout(tasks_->next_ended(), 5ms);
    EXPECT_FALSE(none);
  };
  run(body());
}

TEST_F(BackgroundTasksTest, TooMuchOutputKillsTheTaskAndSaysSo) {
  make({.max_bytes = 1000, .period = 5ms});
  const std::string id = add("head -c 5000 /dev/zero > $FILE; sleep 1000");
  auto body = [&]() -> Task<> {
    const auto task = co_await tasks_->next_ended();
    EXPECT_EQ(task.id, id);
    EXPECT_EQ(task.status, TaskStatus::kFailed);
    EXPECT_EQ(task.exit_code, 137);
  };
  run(body());
  EXPECT_NE(os::read_file(file_)->find("passed 1000 bytes"), std::string::npos);
}

}  // namespace
}  // namespace awl::tools
