#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "headless/memory_sink.h"
#include "headless/output.h"
#include "json/json.h"

namespace awl::headless {
namespace {

using ::testing::HasSubstr;

protocol::TurnEnded ended(std::string text) {
  protocol::TurnEnded event;
  event.text = std::move(text);
  event.stop_reason = "end_turn";
  event.num_turns = 1;
  return event;
}

TEST(TextOutput, OnlyTheLastTurnsText) {
  MemorySink out;
  MemorySink err;
  const auto output = make_text_output(out, err, {});
  output->on_event(protocol::Notice{"careful"});
  output->on_event(ended("one"));
  output->on_event(ended("two"));
  EXPECT_EQ(out.text, "");
  output->finish();
  EXPECT_EQ(out.text, "two\n");
  EXPECT_EQ(err.text, "careful\n");
}

TEST(TextOutput, TellsOfToolCallsOnDemand) {
  for (const bool verbose : {false, true}) {
    MemorySink out;
    MemorySink err;
    const auto output = make_text_output(out, err, {.verbose = verbose});
    output->on_event(protocol::AssistantBlock{
        "u", "m", "model", R"({"type":"tool_use","id":"t","name":"Bash","input":{"command":"make\n test"}})",
        "{}", ""});
    output->on_event(ended("done"));
    output->finish();
    EXPECT_EQ(err.text.find("Bash: make test") != std::string::npos, verbose) << err.text;
    EXPECT_EQ(err.text.find("1 turn,") != std::string::npos, verbose) << err.text;
    EXPECT_EQ(out.text, "done\n");
  }
}

TEST(TextOutput, TellsOfRetriesUnlessSomebodyElseDoes) {
  for (const bool retries : {false, true}) {
    MemorySink out;
    MemorySink err;
    const auto output = make_text_output(out, err, {.retries = retries});
    output->on_event(
        protocol::RetryScheduled{1, 3, std::chrono::milliseconds(1500), 529, "overloaded", "Busy."});
    EXPECT_EQ(err.text, retries ? "Busy. Retrying in 1.5 s, attempt 1 of 3.\n" : "");
  }
}

TEST(JsonOutput, OneObject) {
  MemorySink out;
  const auto output = make_json_output(out, {"sid", "1"}, false);
  output->on_event(protocol::SessionStarted{});
  output->on_event(ended("hi \"you\""));
  output->finish();
  EXPECT_EQ(std::count(out.text.begin(), out.text.end(), '\n'), 1);
  const auto result = *json::parse(out.text);
  EXPECT_EQ(result["type"], "result");
  EXPECT_EQ(result["result"], "hi \"you\"");
  EXPECT_EQ(result["session_id"], "sid");
  EXPECT_TRUE(result["api_error_status"].is_null());
}

TEST(JsonOutput, VerboseIsAnArrayOfAllEvents) {
  MemorySink out;
  const auto output = make_json_output(out, {"sid", "1"}, true);
  output->on_event(protocol::SessionStarted{});
  output->on_event(protocol::StreamEvent{"{}"});
  output->on_event(ended("hi"));
  output->finish();
  const auto events = *json::parse(out.text);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0]["subtype"], "init");
  EXPECT_EQ(events[1]["type"], "result");
}

TEST(StreamJsonOutput, OneLineAnEventAndPartialMessagesOnDemand) {
  for (const bool partial : {false, true}) {
    MemorySink out;
    const auto output = make_stream_json_output(out, {"sid", "1"}, {.partial_messages = partial});
    output->on_event(protocol::SessionStarted{});
    output->on_event(protocol::StreamEvent{R"({"type":"ping"})"});
    output->on_event(ended("hi"));
    EXPECT_EQ(std::count(out.text.begin(), out.text.end(), '\n'), partial ? 3 : 2);
    EXPECT_EQ(out.text.find("stream_event") != std::string::npos, partial);
  }
}

TEST(StreamJsonOutput, ReplaysMessagesOnDemand) {
  for (const bool replay : {false, true}) {
    MemorySink out;
    const auto output = make_stream_json_output(out, {"sid", "1"}, {.replay_user_messages = replay});
    output->on_event(protocol::MessageAccepted{"u", R"("hello")"});
    EXPECT_EQ(out.text.find(R"("isReplay":true)") != std::string::npos, replay);
  }
}

}  // namespace
}  // namespace awl::headless
