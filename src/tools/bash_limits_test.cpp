#include "tools/bash_test_fixture.h"

namespace awl::tools {
namespace {

using BashLimitsTest = BashTest;

TEST_F(BashLimitsTest, LongOutputIsSavedAndPreviewed) {
  const std::string text = out("seq 1 20000");
  EXPECT_LT(text.size(), 3000u);
  EXPECT_NE(text.find("\n1\n2\n3\n"), std::string::npos);
  EXPECT_EQ(text.find("\n19999"), std::string::npos);
  const std::string path = structured_["persistedOutputPath"];
  EXPECT_NE(text.find("\n" + path + "\n"), std::string::npos);
  EXPECT_EQ(os::read_file(path)->size(), structured_["persistedOutputSize"]);
  EXPECT_TRUE(os::read_file(path)->ends_with("\n19999\n20000\n"));
  EXPECT_EQ(os::stat(path)->mode, 0600u);
  EXPECT_EQ(os::stat(session_.output_dir)->mode, 0700u);
}

TEST_F(BashLimitsTest, OutputUpToTheLimitIsShownWhole) {
  EXPECT_EQ(out("head -c 24000 /dev/zero | tr '\\0' x").size(), 24'000u);
  EXPECT_EQ(out("head -c 30000 /dev/zero | tr '\\0' x").size(), 30'000u);
  session_.limits.bash_max_output_chars = 100;
  EXPECT_NE(out("head -c 101 /dev/zero | tr '\\0' x").find("bash-"), std::string::npos);
}

TEST_F(BashLimitsTest, LongOutputOfAFailureIsCutInTheMiddle) {
  const ToolResult result = bash("seq 1 20000; exit 2");
  EXPECT_TRUE(result.text.starts_with("Exit code 2\n1\n2\n"));
  EXPECT_NE(result.text.find("\n20000\n"), std::string::npos);
  EXPECT_LT(result.text.size(), 11'000u);
  EXPECT_EQ(count_files(), 1u);
}

TEST_F(BashLimitsTest, AKeptFileIsBounded) {
  tool_ = make_bash_tool({.max_kept_bytes = 50'000});
  EXPECT_NE(out("seq 1 20000").find("only its first 50000 bytes"), std::string::npos);
  EXPECT_EQ(os::stat(structured_["persistedOutputPath"].get<std::string>())->size_bytes, 50'000u);
}

TEST_F(BashLimitsTest, TooMuchOutputStopsTheCommand) {
  tool_ = make_bash_tool({.guard = {.max_bytes = 1000, .period = 5ms}, .stop_grace = 50ms});
  const ToolResult result = bash("echo $$ > pid; head -c 5000 /dev/zero | tr '\\0' x; exec sleep 1000");
  EXPECT_TRUE(result.is_error);
  EXPECT_NE(result.text.find("passed 1000 bytes"), std::string::npos) << result.text;
  expect_gone(project() / "pid");
}

TEST_F(BashLimitsTest, OpeningTheOutputByNameLosesNothing) {
  EXPECT_EQ(out("echo a; echo b > /dev/stderr; echo c | tee /dev/stderr"), "a\nb\nc\nc");
  EXPECT_EQ(bash("echo x > /dev/stdout; cd sub; exit 6").text, "Exit code 6\nx");
  EXPECT_EQ(session_.cwd, project() / "sub");
}

TEST_F(BashLimitsTest, ASleepBeyondItsLimitIsStopped) {
  const ToolResult result = call({{"command", "sleep 100; touch late.txt"}, {"timeout", 60}});
  EXPECT_TRUE(result.is_error);
  EXPECT_TRUE(result.text.starts_with("Exit code 143\n")) << result.text;
  EXPECT_NE(result.text.find("its limit of 0.06s and was stopped"), std::string::npos) << result.text;
  EXPECT_FALSE(os::path_exists(project() / "late.txt"));
  EXPECT_FALSE(background_->any_running());
}

TEST_F(BashLimitsTest, WhatIgnoresTerminationIsKilled) {
  set("CLAUDE_CODE_DISABLE_BACKGROUND_TASKS", "1");
  const ToolResult result =
      call({{"command", "trap '' TERM; echo so far; echo $$ > pid; sleep 100"}, {"timeout", 60}});
  EXPECT_TRUE(result.text.starts_with("Exit code 137\n")) << result.text;
  EXPECT_TRUE(result.text.ends_with("\nso far")) << result.text;
  expect_gone(project() / "pid");
}

TEST_F(BashLimitsTest, AnotherCommandBeyondItsLimitGoesOnInTheBackground) {
  const ToolResult result =
      call({{"command", "cd sub; echo early; while [ ! -e go ]; do sleep 0.01; done; echo late"},
            {"timeout", 60}});
  EXPECT_FALSE(result.is_error);
  const std::string id = structured_["backgroundTaskId"];
  EXPECT_NE(result.text.find(id), std::string::npos);
  EXPECT_NE(result.text.find("moved to the background"), std::string::npos);
  EXPECT_NE(result.text.find("stays " + project().string()), std::string::npos);
  const BackgroundTask task = background_->find(id).value();
  EXPECT_EQ(task.tool_use_id, "toolu_1");
  EXPECT_NE(result.text.find(task.output_file.string()), std::string::npos);
  std::ofstream(project() / "sub/go");
  auto body = [&]() -> Task<> {
    const auto ended = co_await background_->next_ended();
    EXPECT_EQ(ended.status, TaskStatus::kCompleted);
  };
  run(body());
  EXPECT_EQ(*os::read_file(task.output_file), "early\nlate\n");
  EXPECT_EQ(session_.cwd, project());
}

TEST_F(BashLimitsTest, RunInBackgroundReturnsAtOnce) {
  const ToolResult result =
      call({{"command", "echo bg-line; exit 4"}, {"run_in_background", true}, {"description", "slow one"}});
  EXPECT_FALSE(result.is_error);
  EXPECT_EQ(result.text.find("bg-line"), std::string::npos);
  const std::string id = structured_["backgroundTaskId"];
  EXPECT_EQ(background_->find(id)->description, "slow one");
  EXPECT_EQ(background_->find(id)->command, "echo bg-line; exit 4");
  auto body = [&]() -> Task<> {
    const auto ended = co_await background_->next_ended();
    EXPECT_EQ(ended.status, TaskStatus::kFailed);
    EXPECT_EQ(ended.exit_code, 4);
    EXPECT_EQ(*os::read_file(ended.output_file), "bg-line\n");
  };
  run(body());
}

TEST_F(BashLimitsTest, BackgroundTasksCanBeSwitchedOff) {
  set("CLAUDE_CODE_DISABLE_BACKGROUND_TASKS", "1");
  EXPECT_TRUE(call({{"command", "true"}, {"run_in_background", true}}).is_error);
  EXPECT_TRUE(background_->list().empty());
}

TEST_F(BashLimitsTest, WhatACommandLeavesRunningLivesUntilTheEnd) {
  const std::string text = out("sleep 1000 & echo $! > pid; echo started");
  EXPECT_TRUE(text.starts_with("started\nWhat the command started is still running.")) << text;
  const auto pid = parse_integer(trim(*os::read_file(project() / "pid")));
  ASSERT_TRUE(pid);
  EXPECT_EQ(out("echo next"), "next");
  EXPECT_TRUE(is_alive(static_cast<pid_t>(*pid)));
  tool_.reset();
  expect_gone(project() / "pid");
}

TEST_F(BashLimitsTest, TheLastOutputOfASubstitutionIsSeen) {
  tool_ = make_bash_tool({.settle_time = 10s});
  EXPECT_EQ(out("echo x > >(sleep 0.01; cat; echo y)"), "x\ny");
}

TEST_F(BashLimitsTest, TheTimeLimitEndsGroupsOfTheirOwn) {
  set("CLAUDE_CODE_DISABLE_BACKGROUND_TASKS", "1");
  call({{"command", "timeout 300 bash -c 'echo $$ > pid; exec sleep 1000'; true"}, {"timeout", 200}});
  expect_gone(project() / "pid");
  call({{"command", "set -m; sleep 1000 & echo $! > pid2; wait"}, {"timeout", 200}});
  expect_gone(project() / "pid2");
}

TEST_F(BashLimitsTest, AJobThatIsLeftRunningEndsWithTheTool) {
  const std::string text = out("set -m; sleep 1000 & echo $! > pid; echo started");
  EXPECT_TRUE(text.starts_with("started\nWhat the command started is still running.")) << text;
  tool_.reset();
  expect_gone(project() / "pid");
}

TEST_F(BashLimitsTest, CancellingKillsTheWholeTree) {
  auto body = [&]() -> Task<> {
    const Value input = {{"command", "set -m; sleep 1000 & echo $! > pid; touch ready; wait"}};
    const auto access = tool_->access(input, session_);
    auto call_tool = [&]() -> Task<> { co_await tool_->run(input, *access, "toolu_1", session_); };
    auto until_ready = [&]() -> Task<> {
      while (!os::path_exists(project() / "ready")) co_await async::sleep_for(2ms);
    };
    auto both = [&]() -> Task<> {
      const bool ended = co_await async::finish_within(call_tool(), 100ms);
      EXPECT_FALSE(ended);
    };
    co_await both();
    co_await until_ready();
  };
  run(body());
  expect_gone(project() / "pid");
  EXPECT_EQ(count_files(), 0u);
}

}  // namespace
}  // namespace awl::tools
