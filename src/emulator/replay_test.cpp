#include "emulator/replay.h"

#include <gtest/gtest.h>

#include "emulator/test_support.h"

namespace awl::emulator {
namespace {

std::string line(const std::string& body, const std::string& text, int status = 200) {
  return R"({"method":"POST","target":"/v1/messages?beta=true","status":)" + std::to_string(status) +
         R"(,"body":)" + body +
         R"(,"response":{"headers":{"content-type":"text/event-stream"},"stream":true,"chunks":[{"at_ms":3,"text":")" +
         text + "\"}]}}\n";
}

Replay replay_of(const std::string& text) {
  auto replay = Replay::parse(text, "r.jsonl");
  EXPECT_TRUE(replay) << describe(replay.error());
  return std::move(*replay);
}

std::string answer(Replay& replay, const std::string& body) {
  const auto found = replay.answer("POST", "/v1/messages", *json::parse(body));
  return found ? found->chunks[0].text : found.error().message;
}

TEST(Replay, EqualRequestsGetTheRecordedAnswersInTurn) {
  Replay replay =
      replay_of(line(R"({"a":1})", "one") + line(R"({"a":2})", "two") + line(R"({"a":1})", "three"));
  EXPECT_EQ(answer(replay, R"({"a":1})"), "one");
  EXPECT_EQ(answer(replay, R"({"a":1})"), "three");
  EXPECT_EQ(answer(replay, R"({"a":1})"), "three");
  EXPECT_EQ(answer(replay, R"({"a":2})"), "two");
}

TEST(Replay, MetadataMarkersAndOrderDoNotMatter) {
  Replay replay = replay_of(
      line(R"({"metadata":{"user_id":"x"},"system":[{"text":"s","cache_control":{}}],"b":1})", "one"));
  EXPECT_EQ(answer(replay, R"({"b":1,"system":[{"text":"s"}],"metadata":{"user_id":"y"}})"), "one");
}

TEST(Replay, AMismatchSaysWhatDiffered) {
  Replay replay = replay_of(line(R"({"model":"m","messages":[{"content":"hi"}]})", "one") +
                            line(R"({"model":"n","messages":[]})", "two"));
  EXPECT_EQ(answer(replay, R"({"model":"m","messages":[{"content":"ho"}]})"),
            "replay: no recorded request equals this one. The nearest is r.jsonl:1; it differs at "
            "messages[0].content: recorded \"hi\", received \"ho\".");
  EXPECT_TRUE(answer(replay, R"({"model":"m","messages":[{"content":"hi"},1]})")
                  .contains("at messages[1]: recorded nothing, received 1"));
  const auto route = replay.answer("GET", "/v1/models", json::Value(""));
  ASSERT_FALSE(route);
  EXPECT_EQ(route.error().status, 400);
  EXPECT_TRUE(route.error().message.contains("has no recorded GET /v1/models"));
}

TEST(Replay, FilesThatAreNoRecordsAreRefusedWithTheLine) {
  const auto mistake = [](const std::string& text) { return Replay::parse(text, "r.jsonl").error().message; };
  EXPECT_TRUE(mistake("").contains("holds no exchange"));
  EXPECT_TRUE(mistake("\n{").starts_with("r.jsonl:2: not valid JSON"));
  EXPECT_TRUE(
      mistake(R"({"method":"POST","target":"/","status":200,"body":{}})").contains("not an exchange"));
  EXPECT_TRUE(mistake(line("{}", "x", 99)).contains("not an exchange"));
  EXPECT_TRUE(
      mistake(R"({"method":"P","target":"/","status":200,"body":{},"response":{"headers":{},"chunks":[{}]}})")
          .contains("a chunk without"));
  EXPECT_TRUE(
      mistake(
          R"({"method":"P","target":"/","status":200,"body":{},"response":{"headers":{"a b":"c"},"chunks":[]}})")
          .starts_with("r.jsonl:1:"));
}

TEST(FirstDifference, WalksInOrder) {
  const auto at = [](const char* recorded, const char* received) {
    const auto found = first_difference(*json::parse(recorded), *json::parse(received));
    return found ? found->place : "equal";
  };
  EXPECT_EQ(at(R"({"a":[1,{"b":2}],"c":3})", R"({"c":3,"a":[1,{"b":2}]})"), "equal");
  EXPECT_EQ(at(R"({"a":[1,{"b":2}]})", R"({"a":[1,{"b":3}]})"), "a[1].b");
  EXPECT_EQ(at(R"({"a":1})", R"({})"), "a");
  EXPECT_EQ(at(R"({})", R"({"z":1})"), "z");
  EXPECT_EQ(at("1", "2"), "");
}

}  // namespace
}  // namespace awl::emulator
