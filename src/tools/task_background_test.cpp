// TaskOutput and TaskStop, with commands that Bash really started.
#include <gmock/gmock.h>

#include "tools/background_tasks.h"
#include "tools/builtin.h"
#include "tools/tool_fixture.h"

namespace awl::tools {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class TaskBackgroundTest : public ToolFixture {
 protected:
  TaskBackgroundTest() {
    session.output_dir = folder / "out";
    tasks = make_background_tasks(io.get_executor(), {});
    session.background = tasks.get();
  }
  ~TaskBackgroundTest() override {
    tasks.reset();
    io.restart();
    io.run();
  }

  // Starts a command in the background; gives its id. The calls run on one loop that never waits for it.
  std::string start(const std::string& command) {
    BackgroundTask task;
    task.command = command;
    task.output_file = folder / (command.substr(0, 4) + ".txt");
    const int fd = ::creat(task.output_file.c_str(), 0600);
    os::ProcessOptions options{.argv = {"/bin/bash", "-c", command},
                               .environment = {"PATH=/usr/bin:/bin"},
                               .working_directory = folder,
                               .stdout_fd = fd};
    auto process = os::Process::start(io.get_executor(), options);
    ::close(fd);
    EXPECT_TRUE(process);
    return tasks->add(std::move(task), std::move(*process));
  }

  // Starts the command and makes one call while it runs.
  ToolResult call_during(const std::string& command, Tool& tool, json::Value input) {
    id = start(command);
    for (auto& value : input) {
      if (value == "ID") value = id;
    }
    const auto access = tool.access(input, session);
    EXPECT_TRUE(access);
    ToolResult result;
    boost::asio::co_spawn(io, tool.run(input, *access, "toolu_1", session),
                          [&](const std::exception_ptr& error, ToolResult r) {
                            EXPECT_EQ(error, nullptr);
                            result = std::move(r);
                            // What still runs ends with its owner; the loop then has nothing left.
                            still_running = tasks->any_running();
                            reported = !tasks->take_ended();
                            session.background = nullptr;
                            tasks.reset();
                          });
    io.restart();
    io.run();
    return result;
  }

  std::unique_ptr<BackgroundTasks> tasks;
  std::unique_ptr<Tool> output = make_task_output_tool();
  std::unique_ptr<Tool> stop = make_task_stop_tool();
  std::string id;
  bool still_running = false;
  bool reported = false;
};

TEST_F(TaskBackgroundTest, OutputWaitsForTheEnd) {
  const ToolResult result = call_during("echo one; exit 3", *output, {{"task_id", "ID"}});
  EXPECT_THAT(result.text, HasSubstr("one"));
  EXPECT_THAT(result.text, HasSubstr("failed, exit code 3"));
  EXPECT_EQ(structured(result)["retrieval_status"], "success");
  EXPECT_EQ(structured(result)["task"]["output"], "one");
  EXPECT_EQ(structured(result)["task"]["exitCode"], 3);
  EXPECT_TRUE(reported) << "the model is not told of the same end again";
}

TEST_F(TaskBackgroundTest, OutputCanLookOnce) {
  const ToolResult result = call_during("sleep 600", *output, {{"task_id", "ID"}, {"block", false}});
  EXPECT_FALSE(result.is_error);
  EXPECT_EQ(structured(result)["retrieval_status"], "not_ready");
  EXPECT_EQ(structured(result)["task"]["status"], "running");
  EXPECT_TRUE(structured(result)["task"]["exitCode"].is_null());
  EXPECT_TRUE(still_running);
}

TEST_F(TaskBackgroundTest, WaitingHasALimit) {
  const ToolResult result = call_during("sleep 600", *output, {{"task_id", "ID"}, {"timeout", 20}});
  EXPECT_EQ(structured(result)["retrieval_status"], "timeout");
  EXPECT_TRUE(still_running);
}

TEST_F(TaskBackgroundTest, StopEndsTheCommand) {
  const ToolResult result = call_during("sleep 600", *stop, {{"task_id", "ID"}});
  EXPECT_FALSE(result.is_error) << result.text;
  EXPECT_EQ(structured(result)["task_id"], id);
  EXPECT_EQ(structured(result)["command"], "sleep 600");
  EXPECT_FALSE(still_running);
  EXPECT_TRUE(reported);
}

TEST_F(TaskBackgroundTest, TheFormerNameOfTheIdStillWorks) {
  EXPECT_FALSE(call_during("sleep 600", *stop, {{"shell_id", "ID"}}).is_error);
  EXPECT_FALSE(still_running);
}

TEST_F(TaskBackgroundTest, AnUnknownIdListsWhatThereIs) {
  for (Tool* tool : {output.get(), stop.get()}) {
    const ToolResult result = call(*tool, R"({"task_id":"nope"})");
    EXPECT_TRUE(result.is_error);
    EXPECT_THAT(result.text, HasSubstr("nope"));
    EXPECT_THAT(result.text, HasSubstr("None was started"));
  }
  EXPECT_THAT(call(*stop, "{}").text, HasSubstr("task_id"));
  const ToolResult result = call_during("sleep 600", *stop, {{"task_id", "nope"}});
  EXPECT_TRUE(result.is_error);
  EXPECT_THAT(result.text, HasSubstr("Running: " + id + " (sleep 600)"));
  EXPECT_TRUE(still_running);
}

}  // namespace
}  // namespace awl::tools
