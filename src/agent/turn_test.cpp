// How a turn ends, by what the model and the connection do.
#include "agent/turn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "agent/turn_fixture.h"

namespace awl::agent {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(TurnTest, ACutAfterTextEndsTheTurnWithANoticeAndTheTextIsRemembered) {
  http.replies = {anthropic::stream({anthropic::kStart, anthropic::kText, anthropic::kStop}, true),
                  message({text("more")}, "end_turn")};
  const auto ended = run({R"("go")", R"("continue")"});
  ASSERT_EQ(ended.size(), 2U);
  EXPECT_EQ(ended[0].outcome, protocol::TurnOutcome::kApiError);
  EXPECT_THAT(ended[0].text, ::testing::StartsWith("Hi\n\n"));
  EXPECT_THAT(ended[0].text, HasSubstr(" mid-response. What stands above may be incomplete."));
  EXPECT_THAT(errors, ElementsAre("unknown"));
  EXPECT_EQ(ended[1].text, "more");
  EXPECT_EQ(request(1)["messages"][1]["content"][0]["text"], "Hi");
  EXPECT_EQ(request(1)["messages"].size(), 3U);
}

TEST_F(TurnTest, ACutAfterACallRunsItOnceAndGoesOnWithANotice) {
  std::string call = "data: ";
  call +=
      R"({"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t1","name":"Bash","input":{}}})"
      "\n\ndata: "
      R"({"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"command\":\"echo x >> ran\"}"}})"
      "\n\n";
  http.replies = {anthropic::stream({anthropic::kStart, anthropic::kText, anthropic::kStop, call}, true),
                  message({text("done")}, "end_turn")};
  const auto ended = run();
  EXPECT_EQ(ended.at(0).text, "done");
  EXPECT_FALSE(ended[0].is_error());
  EXPECT_EQ(std::filesystem::file_size(folder / "ran"), 2U);
  EXPECT_THAT(notices, ElementsAre(HasSubstr("may be incomplete")));
}

TEST_F(TurnTest, ACallThatMaxTokensCutIsNotRun) {
  http.replies = {message({text("one"), bash("t1", "touch ran")}, "max_tokens"),
                  message({text("two")}, "end_turn")};
  EXPECT_EQ(run().at(0).text, "onetwo");
  EXPECT_FALSE(exists("ran"));
  const json::Value messages = request(1)["messages"];
  EXPECT_EQ(messages[1]["content"].size(), 1U);
  EXPECT_THAT(messages[2]["content"][0]["text"].get<std::string>(), HasSubstr("smaller pieces"));
}

TEST_F(TurnTest, CallsBeforeTheCutOneAreRun) {
  http.replies = {message({bash("t1", "touch first"), bash("t2", "touch second")}, "max_tokens"),
                  message({text("done")}, "end_turn")};
  EXPECT_EQ(run().at(0).text, "done");
  EXPECT_TRUE(exists("first"));
  EXPECT_FALSE(exists("second"));
  EXPECT_EQ(request(1)["messages"][1]["content"].size(), 1U);
}

TEST_F(TurnTest, MaxTokensEveryTimeIsAnErrorThatNamesTheVariable) {
  http.replies = {message({text("x")}, "max_tokens")};
  const auto ended = run();
  EXPECT_EQ(ended.at(0).outcome, protocol::TurnOutcome::kApiError);
  EXPECT_THAT(ended[0].text, ::testing::StartsWith("xxxx"));
  EXPECT_THAT(ended[0].text, HasSubstr("CLAUDE_CODE_MAX_OUTPUT_TOKENS"));
  EXPECT_EQ(http.requests.size(), 4U);
  EXPECT_THAT(errors, ElementsAre("max_output_tokens"));
}

TEST_F(TurnTest, WhatWasContinuedBeforeAToolCallIsNotPartOfTheLastAnswer) {
  http.replies = {message({text("one")}, "max_tokens"),
                  message({text("two"), bash("t1", "true")}, "tool_use"),
                  message({text("last")}, "end_turn")};
  EXPECT_EQ(run().at(0).text, "last");
}

TEST_F(TurnTest, AFullContextWindowEndsTheTurnAndItsCallsDoNotRun) {
  http.replies = {message({text("part"), bash("t1", "touch ran")}, "model_context_window_exceeded"),
                  message({text("next")}, "end_turn")};
  const auto ended = run({R"("go")", R"("again")"});
  EXPECT_EQ(ended.at(0).outcome, protocol::TurnOutcome::kApiError);
  EXPECT_THAT(ended[0].text, HasSubstr("context window"));
  EXPECT_FALSE(exists("ran"));
  EXPECT_EQ(request(1)["messages"].size(), 3U);
}

TEST_F(TurnTest, APauseOfThePlatformsToolsIsContinuedAsItIs) {
  const json::Value search{
      {"type", "server_tool_use"}, {"id", "s1"}, {"name", "web_search"}, {"input", {{"query", "x"}}}};
  http.replies = {message({text("I look. "), search}, "pause_turn"), message({text("Found.")}, "end_turn")};
  EXPECT_EQ(run().at(0).text, "I look. Found.");
  const json::Value messages = request(1)["messages"];
  EXPECT_EQ(messages.back()["role"], "assistant");
  EXPECT_EQ(messages.back()["content"][1]["type"], "server_tool_use");

  http.requests.clear();
  http.replies = {message({search}, "pause_turn")};
  run();
  EXPECT_EQ(http.requests.size(), 11U) << "a platform that pauses for ever is left";
  http.requests.clear();
  http.replies = {message({text("so far")}, "pause_turn")};
  EXPECT_EQ(run().at(0).text, "so far");
  EXPECT_EQ(http.requests.size(), 1U) << "nothing is in progress";
}

TEST_F(TurnTest, AnEmptyAnswerEndsTheTurnAndLeavesAValidConversation) {
  http.replies = {message({bash("t1", "true")}, "tool_use"), message(json::Value::array(), "end_turn"),
                  message({text("here")}, "end_turn")};
  const auto ended = run({R"("go")", R"("are you there?")"});
  EXPECT_EQ(ended.at(0).outcome, protocol::TurnOutcome::kSuccess);
  EXPECT_EQ(ended[0].text, "");
  EXPECT_EQ(ended[1].text, "here");
  for (const json::Value& part : request(2)["messages"]) EXPECT_FALSE(part["content"].empty());
}

TEST_F(TurnTest, ThinkingAtTheEndOfAnAnswerIsNotSentBack) {
  const json::Value thinking{{"type", "thinking"}, {"thinking", "hm"}, {"signature", "s"}};
  const json::Value redacted{{"type", "redacted_thinking"}, {"data", "d"}};
  http.replies = {message({thinking, text(" "), redacted}, "end_turn"),
                  message({thinking, text("two"), thinking, text("\n")}, "end_turn"),
                  message({text("three")}, "end_turn")};
  EXPECT_EQ(run({R"("one")", R"("two")", R"("three")"}).at(2).text, "three");
  const json::Value first = request(1)["messages"];
  ASSERT_EQ(first.size(), 2U) << "nothing was left of the answer";
  EXPECT_EQ(first[1]["role"], "user");
  const json::Value kept = request(2)["messages"][2]["content"];
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0]["type"], "thinking");
  EXPECT_EQ(kept[1]["text"], "two");
}

TEST_F(TurnTest, UnknownStopReasonsEndTheTurnOrRunTheCalls) {
  http.replies = {message({bash("t1", "touch ran")}, "a_new_reason"), message({text("done")}, "another_one")};
  const auto ended = run();
  EXPECT_EQ(ended.at(0).outcome, protocol::TurnOutcome::kSuccess);
  EXPECT_EQ(ended[0].stop_reason, "another_one");
  EXPECT_TRUE(exists("ran"));
}

TEST_F(TurnTest, ARefusalIsAnErrorAndNothingOfItIsKept) {
  const json::Value details{
      {"stop_details", {{"type", "refusal"}, {"category", "cyber"}, {"explanation", "Because."}}}};
  http.replies = {message({text("Well"), bash("t1", "touch ran")}, "refusal", details),
                  message({text("fine")}, "end_turn")};
  const auto ended = run({R"("go")", R"("something else")"});
  EXPECT_EQ(ended.at(0).outcome, protocol::TurnOutcome::kApiError);
  EXPECT_EQ(ended[0].stop_reason, "refusal");
  EXPECT_THAT(ended[0].text, HasSubstr("claude-opus-5 refused"));
  EXPECT_THAT(ended[0].text, HasSubstr("cyber"));
  EXPECT_THAT(ended[0].text, HasSubstr("Because."));
  EXPECT_FALSE(exists("ran"));
  EXPECT_THAT(json::dump(request(1)["messages"]), Not(HasSubstr("Well")));
}

TEST_F(TurnTest, AnotherModelGoesOnWithTheSessionAfterARefusalOfItsCategory) {
  anthropic::RequestSettings other = options.request;
  other.model = model("claude-opus-4-8");
  options.refusal_fallbacks = {{"claude-opus-5", "cyber", other}};
  const auto refusal = [](std::string_view category) {
    return message(json::Value::array(), "refusal", {{"stop_details", {{"category", category}}}});
  };
  http.replies = {refusal("cyber"), message({text("answer")}, "end_turn"),
                  message({text("next")}, "end_turn")};
  const auto ended = run({R"("go")", R"("on")"});
  EXPECT_EQ(ended.at(0).text, "answer");
  EXPECT_EQ(request(1)["model"], "claude-opus-4-8");
  EXPECT_EQ(request(2)["model"], "claude-opus-4-8");
  EXPECT_THAT(notices, ElementsAre(HasSubstr("claude-opus-4-8")));
  EXPECT_THAT(models, ElementsAre("claude-opus-5", "claude-opus-4-8"));

  http.replies = {refusal("bio")};
  EXPECT_TRUE(run().at(0).is_error());
}

TEST_F(TurnTest, OnlyAModelThatIsNotAvailableIsReplacedAndForOneTurn) {
  options.fallbacks.push_back(options.request);
  options.fallbacks[0].model = model("sonnet");
  for (const int status : {400, 401, 402, 413, 429}) {
    http.requests.clear();
    http.replies = {anthropic::Reply{.status = status}};
    EXPECT_TRUE(run().at(0).is_error()) << status;
    EXPECT_EQ(http.requests.size(), 1U) << status;
  }
  http.requests.clear();
  http.replies = {anthropic::Reply{.refused = true}};
  EXPECT_TRUE(run().at(0).is_error());
  EXPECT_EQ(http.requests.size(), 1U) << "a lost connection is lost for every model";

  http.requests.clear();
  notices.clear();
  http.replies = {anthropic::Reply{.status = 404}, anthropic::Reply{.status = 404},
                  message({text("one")}, "end_turn"), message({text("two")}, "end_turn")};
  const auto ended = run({R"("go")", R"("on")"});
  EXPECT_EQ(ended.at(0).text, "one");
  EXPECT_EQ(request(2)["model"], "claude-sonnet-4-6");
  EXPECT_EQ(request(3)["model"], "claude-opus-5");
  EXPECT_EQ(notices.size(), 1U);
  EXPECT_EQ(ended[1].model_usage.size(), 2U);
}

TEST_F(TurnTest, AnErrorCarriesItsStatusAndCategory) {
  http.replies = {
      anthropic::Reply{.status = 429, .headers = {{"request-id", "r1"}, {"x-amzn-requestid", "a1"}}}};
  const auto ended = run();
  EXPECT_EQ(ended.at(0).api_error_status, 429);
  EXPECT_THAT(ended[0].text, HasSubstr("r1"));
  EXPECT_THAT(ended[0].text, HasSubstr("a1"));
  EXPECT_THAT(errors, ElementsAre("rate_limit"));
}

TEST_F(TurnTest, WhatWasCompleteWhenTheTurnWasInterruptedStaysInTheConversation) {
  http.replies = {anthropic::stream({anthropic::kStart, anthropic::kText, anthropic::kStop}),
                  message({text("next")}, "end_turn")};
  http.replies[0].stalls = true;
  bool posted = false;
  const auto ended = run({R"("go")", R"("on")"}, [&posted](Engine& engine, const protocol::Event& event) {
    if (!std::holds_alternative<protocol::AssistantBlock>(event) || std::exchange(posted, true)) return;
    engine.post(protocol::Interrupt{});
  });
  EXPECT_EQ(ended.at(0).outcome, protocol::TurnOutcome::kInterrupted);
  EXPECT_EQ(protocol::terminal_reason(ended[0]), "aborted_streaming");
  EXPECT_EQ(request(1)["messages"][1]["content"][0]["text"], "Hi");
}

TEST_F(TurnTest, AMessageThatIsRefusedIsForgottenAndTheNextOneIsAnswered) {
  for (const int status : {400, 413}) {
    http.requests.clear();
    http.replies = {message({text("first")}, "end_turn"), anthropic::Reply{.status = status},
                    message({text("fine")}, "end_turn")};
    const auto ended = run({R"("go")", R"("the poison")", R"("on")"});
    ASSERT_EQ(ended.size(), 3U);
    EXPECT_EQ(ended[1].api_error_status, status);
    EXPECT_EQ(ended[2].text, "fine");
    EXPECT_EQ(request(2)["messages"].size(), 3U);
    EXPECT_THAT(http.requests.at(2).body, Not(HasSubstr("the poison")));
  }
}

TEST_F(TurnTest, AMessageThatWasNotRefusedIsRemembered) {
  http.replies = {anthropic::Reply{.status = 429}, message({bash("t1", "true")}, "tool_use"),
                  anthropic::Reply{.status = 400}, message({text("fine")}, "end_turn")};
  EXPECT_EQ(run({R"("first")", R"("second")", R"("third")"}).at(2).text, "fine");
  EXPECT_EQ(request(1)["messages"].size(), 2U) << "a rate limit says nothing about the message";
  EXPECT_EQ(request(3)["messages"].size(), 5U) << "the model had answered to it";
}

TEST_F(TurnTest, WhatTheFirstMessageCarriesGoesIntoTheNextWhenItIsRefused) {
  options.system_prompt.facts_in_message = true;
  http.replies = {anthropic::Reply{.status = 400}, message({text("fine")}, "end_turn")};
  run({R"("one")", R"("two")"});
  ASSERT_GT(request(0)["messages"][0]["content"].size(), 1U);
  EXPECT_EQ(request(1)["messages"][0]["content"][0]["text"], request(0)["messages"][0]["content"][0]["text"]);
}

TEST_F(TurnTest, BlankTextsAndBlocksThatAreNoneSpoilNothing) {
  http.replies = {message({text("fine")}, "end_turn")};
  const auto ended =
      run({R"([{"type":"text","text":"go"},{"type":"text","text":" "}])", R"(["go"])", R"("on")"});
  ASSERT_EQ(ended.size(), 3U);
  EXPECT_EQ(request(0)["messages"][0]["content"].size(), 1U);
  EXPECT_TRUE(ended[1].is_error());
  EXPECT_THAT(ended[1].text, HasSubstr("block 1"));
  EXPECT_EQ(ended[2].text, "fine");
  EXPECT_EQ(http.requests.size(), 2U);
}

TEST_F(TurnTest, StructuredOutputOfATurnThatWasInterruptedIsNotThatOfTheNext) {
  options.output_schema_json = R"({"type":"object"})";
  const auto output = [](int n) {
    return json::Value{
        {"type", "tool_use"}, {"id", std::to_string(n)}, {"name", "StructuredOutput"}, {"input", {{"n", n}}}};
  };
  http.replies = {message({output(1), bash("t1", "sleep 60")}, "tool_use"),
                  message({bash("t2", "true")}, "tool_use"), message({output(2)}, "tool_use")};
  bool posted = false;
  const auto ended = run({R"("go")", R"("on")"}, [&posted](Engine& engine, const protocol::Event& event) {
    if (!std::holds_alternative<protocol::ToolFinished>(event) || std::exchange(posted, true)) return;
    engine.post(protocol::Interrupt{});
  });
  ASSERT_EQ(ended.size(), 2U);
  EXPECT_EQ(ended[0].outcome, protocol::TurnOutcome::kInterrupted);
  EXPECT_EQ(ended[1].structured_output_json, R"({"n":2})");
}

TEST_F(TurnTest, AMessageWithoutContentIsAnErrorAndSpoilsNothing) {
  http.replies = {message({text("fine")}, "end_turn")};
  const auto ended = run({"[]", R"("go")"});
  ASSERT_EQ(ended.size(), 2U);
  EXPECT_TRUE(ended[0].is_error());
  EXPECT_EQ(ended[1].text, "fine");
}

}  // namespace
}  // namespace awl::agent
