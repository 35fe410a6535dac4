#include "hooks/hook_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace awl::hooks {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class HookRunnerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder = os::make_private_directory(std::filesystem::temp_directory_path(), "awl-hooks-test-").value();
    options.executor = io.get_executor();
    options.project_dir = folder;
    options.common_fields = [] { return R"({"session_id":"s","cwd":"/w"})"; };
    options.environment = []() -> Task<Result<Environment>> {
      co_return Environment({{"PATH", "/usr/bin:/bin"}, {"CLAUDE_ENV_FILE", "/outer"}});
    };
    options.folder = [this] { return folder; };
    options.env_file = folder / "session" / "env.sh";
    options.on_event = [this](const HookEvent& event) {
      if (event.run != nullptr) ended.push_back(event.name);
    };
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  void add(const std::string& event, const json::Value& handler) {
    std::vector<std::string> problems;
    const json::Value hooks{{event, {{{"hooks", json::Value::array({handler})}}}}};
    table.add(hooks, {.name = "test", .scope = "settings", .variables = {}}, problems);
    EXPECT_THAT(problems, IsEmpty());
  }
  void command(const std::string& event, const std::string& text) {
    add(event, {{"type", "command"}, {"command", text}});
  }

  HookOutcome run(HookCall call, bool stop = true) {
    runner = std::make_unique<HookRunner>(table, options);
    HookOutcome outcome;
    auto body = [&]() -> Task<> {
      outcome = co_await runner->run(std::move(call));
      if (stop) co_await runner->stop();
    };
    boost::asio::co_spawn(io, body(), [](const std::exception_ptr& e) { EXPECT_EQ(e, nullptr); });
    io.restart();
    io.run();
    return outcome;
  }

  boost::asio::io_context io;
  os::Path folder;
  HookTable table;
  HookRunnerOptions options;
  std::unique_ptr<HookRunner> runner;
  std::vector<std::string> ended;
};

TEST_F(HookRunnerTest, AHookReadsTheEventAndItsOwnEnvironment) {
  command("UserPromptSubmit", "cat; echo; echo \"$CLAUDE_PROJECT_DIR|$(pwd)|${CLAUDE_ENV_FILE-none}\"");
  const auto outcome = run({"UserPromptSubmit", "", R"({"prompt":"hi"})"});
  ASSERT_EQ(outcome.contexts.size(), 1U) << "what is no JSON as a whole is text";
  EXPECT_THAT(outcome.contexts.front(), HasSubstr(folder.string() + "|" + folder.string() + "|none"));
  command("SessionStart", "echo \"$CLAUDE_ENV_FILE\"; cat");
  const auto start = run({"SessionStart", "startup", "{}"});
  ASSERT_EQ(start.contexts.size(), 1U);
  EXPECT_THAT(start.contexts.front(), HasSubstr((folder / "session" / "env.sh").string()));
  EXPECT_THAT(start.contexts.front(),
              HasSubstr(R"("session_id":"s","cwd":"/w","hook_event_name":"SessionStart")"));
}

TEST_F(HookRunnerTest, ArgumentsReachTheProgramUnsplit) {
  add("SessionStart", {{"type", "command"},
                       {"command", "printf"},
                       {"args", {"%s,", "a b", "$HOME", "${CLAUDE_PROJECT_DIR}"}}});
  EXPECT_THAT(run({"SessionStart", "", "{}"}).contexts, ElementsAre("a b,$HOME," + folder.string() + ","));
}

TEST_F(HookRunnerTest, WhatDoesNotEndIsStopped) {
  add("PreToolUse", {{"type", "command"}, {"command", "sleep 100"}, {"timeout", 0.05}});
  const auto outcome = run({"PreToolUse", "Bash", "{}"});
  EXPECT_EQ(outcome.permission, HookPermission::kNone);
  EXPECT_THAT(outcome.errors, ElementsAre(HasSubstr("did not end within 0.05 s")));
  EXPECT_THAT(ended, ElementsAre("PreToolUse:Bash"));
}

TEST_F(HookRunnerTest, AConditionIsAskedOfTheCall) {
  add("PreToolUse", {{"type", "command"}, {"command", "exit 2"}, {"if", "Bash(git *)"}});
  HookCall call{"PreToolUse", "Bash", "{}"};
  EXPECT_EQ(run(call).permission, HookPermission::kNone) << "nobody can judge it";
  call.fits = [](const std::string& condition) { return condition == "Bash(git *)"; };
  EXPECT_EQ(run(call).permission, HookPermission::kDeny);
}

TEST_F(HookRunnerTest, HooksInTheBackgroundAreHeardLater) {
  add("PostToolUse",
      {{"type", "command"},
       {"async", true},
       {"command",
        R"(echo '{"hookSpecificOutput":{"hookEventName":"PostToolUse","additionalContext":"late"}}')"}});
  const auto outcome = run({"PostToolUse", "Write", "{}"}, false);
  EXPECT_THAT(outcome.contexts, IsEmpty());
  EXPECT_THAT(runner->take_background(), ElementsAre("late"));
  EXPECT_FALSE(runner->wants_to_wake());
}

TEST_F(HookRunnerTest, OneInTheBackgroundMayWakeTheModel) {
  add("PostToolUse", {{"type", "command"}, {"asyncRewake", true}, {"command", "echo broken >&2; exit 2"}});
  run({"PostToolUse", "Write", "{}"}, false);
  EXPECT_TRUE(runner->wants_to_wake());
  EXPECT_THAT(runner->take_background(), ElementsAre("broken\n"));
}

TEST_F(HookRunnerTest, AModelJudgesInTheTermsOfTheEvent) {
  std::string answer;
  std::string asked;
  options.ask_model = [&](std::string, std::string prompt, std::string) -> Task<Result<std::string>> {
    asked = prompt;
    co_return answer;
  };
  add("Stop", {{"type", "prompt"}, {"prompt", "done? $ARGUMENTS costs \\$1"}});
  answer = R"(Surely: {"ok": false, "reason": "tests"})";
  auto outcome = run({"Stop", "", R"({"stop_hook_active":false})"});
  EXPECT_TRUE(outcome.blocked);
  EXPECT_EQ(outcome.reason, "tests");
  EXPECT_THAT(asked, HasSubstr("\"stop_hook_active\":false} costs $1"));
  answer = R"({"ok": false, "reason": "x", "impossible": true})";
  EXPECT_FALSE(run({"Stop", "", "{}"}).blocked);
  answer = "I think so";
  EXPECT_THAT(run({"Stop", "", "{}"}).errors, ElementsAre(HasSubstr("did not answer")));
  add("PreToolUse", {{"type", "prompt"}, {"prompt", "safe?"}});
  answer = R"({"ok": false, "reason": "unsafe"})";
  outcome = run({"PreToolUse", "Bash", "{}"});
  EXPECT_EQ(outcome.permission, HookPermission::kDeny);
  EXPECT_TRUE(outcome.stop) << "by default the turn ends";
}

TEST_F(HookRunnerTest, AProgramThatDoesNotAnswerBlocks) {
  options.call_back = [](std::string, std::string, std::string) -> Task<Result<std::string>> {
    const Executor executor = co_await boost::asio::this_coro::executor;
    async::TaskGroup group(executor);
    auto never = []() -> Task<> {
      for (;;) co_await boost::asio::post(boost::asio::use_awaitable);
    };
    group.spawn(never());
    co_await group.join();
    co_return "{}";
  };
  HookHandler handler;
  handler.type = HookHandler::Type::kCallback;
  handler.callback_id = "c1";
  handler.timeout = std::chrono::milliseconds(20);
  table.add_handler("PreToolUse", *HookMatcher::parse("", false), handler);
  EXPECT_EQ(run({"PreToolUse", "Bash", "{}"}).permission, HookPermission::kDeny);
}

TEST_F(HookRunnerTest, AnMcpToolIsGivenValuesOfTheEvent) {
  std::string given;
  options.call_mcp_tool = [&](std::string server, std::string tool,
                              std::string input) -> Task<Result<std::string>> {
    given = server + " " + tool + " " + input;
    co_return "";
  };
  add("PostToolUse", {{"type", "mcp_tool"},
                      {"server", "s"},
                      {"tool", "scan"},
                      {"input", {{"path", "${tool_input.file_path}"}, {"n", 1}}}});
  run({"PostToolUse", "Write", R"({"tool_input":{"file_path":"/a"}})"});
  EXPECT_EQ(given, R"(s scan {"path":"/a","n":1})");
}

}  // namespace
}  // namespace awl::hooks
