#include "agent/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "anthropic/fake_http.h"
#include "async/task_group.h"

namespace awl::agent {
namespace {

using ::testing::HasSubstr;

class NoHost final : public protocol::Host {
 public:
  Task<protocol::PermissionAnswer> ask_permission(protocol::PermissionQuestion /*question*/) override {
    co_return protocol::PermissionAnswer{false, "nobody is here"};
  }
};

std::string event(const json::Value& value) { return "data: " + json::dump(value) + "\n\n"; }

// An answer of one block.
anthropic::Reply answer(const json::Value& block, std::string_view stop_reason, int64_t output_tokens = 1) {
  const json::Value input = block["type"] == "tool_use" ? block["input"] : json::Value();
  json::Value start = block;
  if (!input.is_null()) start["input"] = json::Value::object();
  std::string text(anthropic::kStart);
  text += event({{"type", "content_block_start"}, {"index", 0}, {"content_block", start}});
  if (!input.is_null()) {
    text += event({{"type", "content_block_delta"},
                   {"index", 0},
                   {"delta", {{"type", "input_json_delta"}, {"partial_json", json::dump(input)}}}});
  }
  text += anthropic::kStop;
  text += event({{"type", "message_delta"},
                 {"delta", {{"stop_reason", stop_reason}}},
                 {"usage", {{"output_tokens", output_tokens}}}});
  text += event({{"type", "message_stop"}});
  return anthropic::stream({text});
}

anthropic::Reply says(std::string_view text, std::string_view stop_reason = "end_turn") {
  return answer({{"type", "text"}, {"text", text}}, stop_reason);
}

anthropic::Reply calls(std::string_view tool, const json::Value& input, int64_t output_tokens = 1) {
  static int number = 0;
  const std::string id = "toolu_" + std::to_string(++number);
  return answer({{"type", "tool_use"}, {"id", id}, {"name", tool}, {"input", input}}, "tool_use",
                output_tokens);
}

class EngineTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder = os::make_private_directory(std::filesystem::temp_directory_path(), "awl-engine-test-").value();
    options.provider.base_url = "http://test";
    options.request.model =
        anthropic::choose_model({}, Environment(), anthropic::Platform::kClaudePlatformOnAws, false);
    options.session.project_dir = folder;
    options.session.cwd = folder;
    options.session.home = folder;
    options.session.output_dir = folder / "output";
    options.session.child_environment = Environment({{"PATH", "/usr/bin:/bin"}, {"HOME", folder.string()}});
    options.tool_runner.mode = permission::Mode::kBypass;
    options.clock = [] { return TimePoint(); };
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  // Runs the messages to their end; `watch` sees each event and may post commands.
  std::vector<protocol::TurnEnded> run(
      const std::function<void(Engine&, const protocol::Event&)>& watch = {}) {
    boost::asio::io_context io;
    anthropic::RetryPolicy policy;
    policy.max_retries = 0;
    const auto authenticator = anthropic::make_key_authenticator(options.provider);
    anthropic::MessagesClient client(http, *authenticator, policy, [] { return 0.0; });
    NoHost host;
    const auto engine = make_engine(io.get_executor(), options, client, host);
    for (int i = 0; i < messages; ++i) engine->post(protocol::SendMessage{R"("go")", "uuid"});
    if (interrupt_at_start) engine->post(protocol::Interrupt{});
    if (!keep_open) engine->post(protocol::EndInput{});
    std::vector<protocol::TurnEnded> ended;
    auto body = [&]() -> Task<> {
      async::TaskGroup group(io.get_executor());
      group.spawn(engine->run());
      for (;;) {
        auto next = co_await engine->next_event();
        if (!next) break;
        if (const auto* end = std::get_if<protocol::TurnEnded>(&*next)) ended.push_back(*end);
        if (watch) watch(*engine, *next);
      }
      co_await group.join();
    };
    std::exception_ptr failure;
    boost::asio::co_spawn(io, body(), [&failure](const std::exception_ptr& e) { failure = e; });
    io.run();
    if (failure) std::rethrow_exception(failure);
    return ended;
  }

  json::Value request(size_t index) const { return json::parse(http.requests.at(index).body).value(); }

  int messages = 1;  // that run() sends
  bool interrupt_at_start = false;
  bool keep_open = false;  // `watch` ends the input
  os::Path folder;
  EngineOptions options;
  anthropic::FakeHttp http;
};

TEST_F(EngineTest, AToolCallAndItsResultGoBackToTheModel) {
  http.replies = {calls("Bash", {{"command", "echo one"}}), says("done")};
  const auto ended = run();
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].outcome, protocol::TurnOutcome::kSuccess);
  EXPECT_EQ(ended[0].text, "done");
  EXPECT_EQ(ended[0].num_turns, 2);
  const json::Value messages = request(1)["messages"];
  ASSERT_EQ(messages.size(), 3U);
  EXPECT_EQ(messages[2]["content"][0]["type"], "tool_result");
  EXPECT_EQ(messages[2]["content"][0]["tool_use_id"], messages[1]["content"][0]["id"]);
  EXPECT_EQ(messages[2]["content"][0]["content"], "one");
}

TEST_F(EngineTest, ThePrefixOfARequestIsTheRequestBefore) {
  http.replies = {calls("Bash", {{"command", "true"}}), calls("Bash", {{"command", "true"}}), says("done")};
  run();
  const auto without_markers = [](std::string body) {
    const std::string marker = R"(,"cache_control":{"type":"ephemeral"})";
    for (size_t at = body.find(marker); at != std::string::npos; at = body.find(marker))
      body.erase(at, marker.size());
    return body.substr(0, body.find(R"(],"metadata")"));
  };
  const std::string first = without_markers(http.requests[0].body);
  const std::string second = without_markers(http.requests[1].body);
  const std::string third = without_markers(http.requests[2].body);
  EXPECT_TRUE(second.starts_with(first));
  EXPECT_TRUE(third.starts_with(second));
}

TEST_F(EngineTest, UnknownToolsAndWrongInputAreAnsweredAndTheTurnGoesOn) {
  http.replies = {calls("NoSuchTool", {{"x", 1}}), calls("Bash", {{"description", "no command"}}),
                  says("done")};
  EXPECT_EQ(run().at(0).text, "done");
  EXPECT_THAT(request(1)["messages"][2]["content"][0]["content"].get<std::string>(), HasSubstr("NoSuchTool"));
  EXPECT_THAT(request(2)["messages"][4]["content"][0]["content"].get<std::string>(), HasSubstr("command"));
  EXPECT_EQ(request(2)["messages"][4]["content"][0]["is_error"], true);
}

TEST_F(EngineTest, WhatIsNotAllowedIsRefusedAndListed) {
  options.tool_runner.mode = permission::Mode::kDefault;
  http.replies = {calls("Write", {{"file_path", "w.txt"}, {"content", "x"}}), says("done")};
  const auto ended = run();
  ASSERT_EQ(ended.at(0).permission_denials.size(), 1U);
  EXPECT_EQ(ended[0].permission_denials[0].tool_name, "Write");
  EXPECT_FALSE(os::path_exists(folder / "w.txt"));
}

TEST_F(EngineTest, AnInterruptEndsTheTurnAndClosesItsCalls) {
  http.replies = {calls("Bash", {{"command", "sleep 60"}}), says("never")};
  bool posted = false;
  const auto ended = run([&posted](Engine& engine, const protocol::Event& event) {
    if (!std::holds_alternative<protocol::AssistantBlock>(event) || posted) return;
    posted = true;
    engine.post(protocol::Interrupt{});
  });
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].outcome, protocol::TurnOutcome::kInterrupted);
  EXPECT_EQ(protocol::terminal_reason(ended[0]), "aborted_tools");
  EXPECT_EQ(http.requests.size(), 1U);
}

TEST_F(EngineTest, AnInterruptDropsWhatWaitsWhenItIsToldTo) {
  for (const bool drop : {false, true}) {
    messages = 3;
    http.replies = {calls("Bash", {{"command", "sleep 60"}}), says("second"), says("third")};
    bool posted = false;
    const auto ended = run([&](Engine& engine, const protocol::Event& event) {
      if (!std::holds_alternative<protocol::AssistantBlock>(event) || std::exchange(posted, true)) return;
      engine.post(protocol::Interrupt{.drop_waiting = drop});
    });
    ASSERT_EQ(ended.size(), drop ? 1U : 3U);
    EXPECT_EQ(ended[0].outcome, protocol::TurnOutcome::kInterrupted);
  }
}

TEST_F(EngineTest, LimitsOnTurnsAndMoneyEndIt) {
  options.max_turns = 1;
  http.replies = {calls("Bash", {{"command", "true"}}), says("never")};
  EXPECT_EQ(run().at(0).outcome, protocol::TurnOutcome::kMaxTurns);
  options.max_turns = 0;
  options.max_budget_usd = 0.01;
  http.replies = {calls("Bash", {{"command", "true"}}, 1'000'000), says("never")};
  EXPECT_EQ(run().at(0).outcome, protocol::TurnOutcome::kMaxBudget);
  EXPECT_EQ(http.requests.size(), 2U);
}

TEST_F(EngineTest, AnAnswerCutByMaxTokensIsContinued) {
  http.replies = {says("one ", "max_tokens"), says("two")};
  const auto ended = run();
  EXPECT_EQ(ended.at(0).outcome, protocol::TurnOutcome::kSuccess);
  EXPECT_EQ(ended[0].text, "one two");
}

TEST_F(EngineTest, StructuredOutputEndsTheTurnWithoutAnotherRequest) {
  options.output_schema_json = R"({"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]})";
  http.replies = {says("I forgot"), calls("StructuredOutput", {{"n", "x"}}),
                  calls("StructuredOutput", {{"n", 3}})};
  const auto ended = run();
  EXPECT_EQ(ended.at(0).structured_output_json, R"({"n":3})");
  EXPECT_EQ(http.requests.size(), 3U);
}

TEST_F(EngineTest, StructuredOutputThatNeverFitsEndsTheTurnAndTheNextOneHasItsOwnRetries) {
  options.output_schema_json = R"({"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]})";
  options.max_structured_output_retries = 1;
  const auto wrong = [] { return calls("StructuredOutput", {{"n", "x"}}); };
  http.replies = {wrong(), wrong(), wrong(), calls("StructuredOutput", {{"n", 3}})};
  messages = 2;
  const auto ended = run();
  ASSERT_EQ(ended.size(), 2U);
  EXPECT_EQ(ended[0].outcome, protocol::TurnOutcome::kNoStructuredOutput);
  EXPECT_EQ(ended[0].structured_output_json, "");
  EXPECT_EQ(ended[1].structured_output_json, R"({"n":3})");
  EXPECT_EQ(http.requests.size(), 4U);
}

TEST_F(EngineTest, AFallbackModelTakesOver) {
  options.fallbacks.push_back(options.request);
  options.fallbacks[0].model = anthropic::choose_model({.flag = "sonnet", .settings = {}}, Environment(),
                                                       anthropic::Platform::kClaudePlatformOnAws, false);
  http.replies = {anthropic::Reply{.status = 500}, says("from the other")};
  const auto ended = run();
  EXPECT_EQ(ended.at(0).text, "from the other");
  EXPECT_EQ(request(1)["model"], "claude-sonnet-4-6");
  EXPECT_EQ(ended[0].model_usage.count("claude-sonnet-4-6"), 1U);
}

TEST_F(EngineTest, ABackgroundCommandThatEndsStartsATurnOfItsOwn) {
  http.replies = {calls("Bash", {{"command", "echo bg"}, {"run_in_background", true}}), says("started"),
                  says("noticed")};
  const auto ended = run();
  ASSERT_GE(ended.size(), 1U);
  // It may have ended before the first turn did; then the model heard of it with the tool's result.
  const bool in_turn = http.requests.at(1).body.find("task-notification") != std::string::npos;
  EXPECT_EQ(ended.size(), in_turn ? 1U : 2U);
  if (!in_turn) EXPECT_EQ(ended[1].origin, "task-notification");
}

TEST_F(EngineTest, ABackgroundCommandThatEndsBetweenTurnsStartsOneWhileTheInputIsOpen) {
  http.replies = {
      calls("Bash", {{"command", "until [ -e go ]; do sleep 0.02; done"}, {"run_in_background", true}}),
      says("started"), says("noticed")};
  keep_open = true;
  int turns = 0;
  const auto ended = run([&](Engine& engine, const protocol::Event& event) {
    if (!std::holds_alternative<protocol::TurnEnded>(event)) return;
    if (++turns == 1) std::ofstream(folder / "go") << "";
    if (turns == 2) engine.post(protocol::EndInput{});
  });
  ASSERT_EQ(ended.size(), 2U);
  EXPECT_EQ(ended[1].origin, "task-notification");
  EXPECT_EQ(ended[1].text, "noticed");
}

TEST_F(EngineTest, AnInputThatEndsAfterTheResultStillLeavesBackgroundCommandsTheirGrace) {
  http.replies = {
      calls("Bash", {{"command", "until [ -e go ]; do sleep 0.02; done"}, {"run_in_background", true}}),
      says("started"), says("noticed")};
  keep_open = true;
  bool posted = false;
  const auto ended = run([&](Engine& engine, const protocol::Event& event) {
    if (!std::holds_alternative<protocol::TurnEnded>(event) || std::exchange(posted, true)) return;
    engine.post(protocol::EndInput{});
    std::ofstream(folder / "go") << "";
  });
  ASSERT_EQ(ended.size(), 2U);
  EXPECT_EQ(ended[1].origin, "task-notification");
}

TEST_F(EngineTest, AnInterruptBeforeTheTurnBeginsEndsItAndTheNextOneRuns) {
  http.replies = {says("answer")};
  interrupt_at_start = true;
  messages = 2;
  const auto ended = run();
  ASSERT_EQ(ended.size(), 2U);
  EXPECT_EQ(ended[0].outcome, protocol::TurnOutcome::kInterrupted);
  EXPECT_EQ(ended[1].text, "answer");
  EXPECT_EQ(http.requests.size(), 1U);
}

TEST_F(EngineTest, AnAnswerThatBreaksOffAfterItsTextIsAnError) {
  http.replies = {anthropic::stream({anthropic::kStart, anthropic::kText, anthropic::kStop}, true)};
  const auto ended = run();
  EXPECT_EQ(ended.at(0).outcome, protocol::TurnOutcome::kApiError);
  EXPECT_THAT(ended[0].text, HasSubstr("Hi"));
  EXPECT_THAT(ended[0].text, HasSubstr("may be incomplete"));
}

TEST_F(EngineTest, ALoadedToolJoinsTheRequestsWithoutChangingWhatStoodBefore) {
  options.tool_selection.search.mode = ToolSearchPolicy::Mode::kOn;
  http.replies = {calls("ToolSearch", {{"query", "select:NotebookEdit"}}),
                  calls("Bash", {{"command", "echo one"}}), says("done")};
  std::vector<std::string> listed;
  run([&listed](Engine&, const protocol::Event& event) {
    if (const auto* started = std::get_if<protocol::SessionStarted>(&event)) listed = started->tools;
  });
  EXPECT_THAT(listed, ::testing::Contains("NotebookEdit"));
  const auto names = [this](size_t index) {
    std::vector<std::string> offered;
    for (const json::Value& tool : request(index)["tools"]) offered.push_back(tool["name"]);
    return offered;
  };
  EXPECT_THAT(names(0), ::testing::Not(::testing::Contains("NotebookEdit")));
  EXPECT_EQ(names(1).back(), "NotebookEdit");
  EXPECT_EQ(request(1)["tools"].back()["defer_loading"], true);

  const json::Value first = request(0)["messages"][0]["content"];
  EXPECT_THAT(std::string(first[0]["text"]), HasSubstr("NotebookEdit"));
  EXPECT_EQ(first.back()["text"], "go");
  const json::Value reference = request(1)["messages"][2]["content"][0]["content"][0];
  EXPECT_EQ(reference, (json::Value{{"type", "tool_reference"}, {"tool_name", "NotebookEdit"}}));

  // The bytes up to the end of the first tools are the same; with the tool loaded, so are all tools.
  const std::string& body = http.requests.at(0).body;
  const std::string start = body.substr(0, body.find(R"(],"messages":)"));
  EXPECT_TRUE(http.requests.at(1).body.starts_with(start + ","));
  EXPECT_EQ(request(1)["tools"], request(2)["tools"]);
  EXPECT_EQ(json::dump(request(2)["messages"][0]["content"][0]), json::dump(first[0]));
}

TEST_F(EngineTest, ARepeatedCallIsRefusedInOneTurnOnly) {
  const auto again = [] { return calls("Bash", {{"command", "cat no-such-file; true"}}); };
  for (int i = 0; i < 9; ++i) http.replies.push_back(again());
  http.replies.push_back(says("done"));
  http.replies.push_back(again());
  http.replies.push_back(says("done"));
  messages = 2;
  run();
  const auto result = [this](size_t request_index) {
    return std::string(request(request_index)["messages"].back()["content"][0]["content"]);
  };
  EXPECT_THAT(result(3), HasSubstr("3 times in a row"));
  EXPECT_THAT(result(9), HasSubstr("This was not run"));
  ASSERT_EQ(http.requests.size(), 12U);
  EXPECT_THAT(result(11), HasSubstr("No such file")) << "another message may well ask for it again";
}

TEST_F(EngineTest, WithoutToolSearchEveryToolIsDescribedFromTheStart) {
  http.replies = {says("done")};
  run();
  const std::string& body = http.requests.at(0).body;
  EXPECT_THAT(body, HasSubstr(R"("name":"NotebookEdit")"));
  EXPECT_THAT(body, ::testing::Not(HasSubstr("ToolSearch")));
  EXPECT_EQ(request(0)["messages"][0]["content"].size(), 1U);
}

}  // namespace
}  // namespace awl::agent
