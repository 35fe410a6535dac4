#include "emulator/script.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace awl::emulator {
namespace {

json::Value request_of(std::string_view messages, bool with_tools = true) {
  json::Value request = {{"model", "claude-opus-5"}, {"system", "You help."}};
  request["messages"] = *json::parse(messages);
  if (with_tools) request["tools"] = *json::parse(R"([{"name":"Bash"}])");
  return request;
}

std::unique_ptr<Model> script_of(std::string_view text) {
  auto scenario = parse_scenario(text, "s.json");
  EXPECT_TRUE(scenario) << (scenario ? "" : describe(scenario.error()));
  return make_script(scenario.value_or(Scenario()));
}

std::string mistake_in(std::string_view text) {
  const auto scenario = parse_scenario(text, "s.json");
  return scenario ? "" : scenario.error().message;
}

constexpr const char* kFirst = R"([{"role":"user","content":"go"}])";
constexpr const char* kSecond =
    R"([{"role":"user","content":"go"},{"role":"assistant","content":"a"},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"file list"}]}])";
constexpr const char* kNextTurn =
    R"([{"role":"user","content":"go"},{"role":"assistant","content":"a"},{"role":"user","content":"again"}])";

TEST(Script, StepIsTheNumberOfAnswersInTheTurn) {
  const auto model = script_of(R"({"steps":[{"content":"one"},{"content":"two"}]})");
  EXPECT_EQ(model->next(request_of(kFirst)).content[0].text, "one");
  EXPECT_EQ(model->next(request_of(kSecond)).content[0].text, "two");
  EXPECT_EQ(model->next(request_of(kNextTurn)).content[0].text, "one");
  EXPECT_EQ(model->next(request_of(kFirst)).content[0].text, "one");
}

TEST(Script, EndsTheTurnPastTheLastStep) {
  const auto model = script_of(R"({"steps":[{"content":"one"}]})");
  EXPECT_TRUE(model->next(request_of(kSecond)).content[0].text.contains("no further step"));
}

TEST(Script, RulesComeFirst) {
  const auto model = script_of(R"({"steps":[{"content":"main"}],"rules":[
    {"when":{"has_tools":false},"step":{"content":"title"}},
    {"when":{"last_user_contains":"file list","tool":"Bash"},"step":{"content":"listed"}},
    {"when":{"system_contains":"nothing"},"step":{"content":"no"}},
    {"when":{"model_contains":"haiku"},"step":{"content":"no"}},
    {"when":{"messages_contain":"never said"},"step":{"content":"no"}}]})");
  EXPECT_EQ(model->next(request_of(kFirst, false)).content[0].text, "title");
  EXPECT_EQ(model->next(request_of(kSecond)).content[0].text, "listed");
  EXPECT_EQ(model->next(request_of(kFirst)).content[0].text, "main");
}

TEST(Script, TimesBoundsARule) {
  const auto model = script_of(R"({"steps":[{"content":"fine"}],"rules":[{"when":{"has_tools":true},"times":2,
    "steps":[{"status":529},{"status":429,"headers":{"retry-after":"1"}}]}]})");
  EXPECT_EQ(model->next(request_of(kFirst)).status, 529);
  const Step second = model->next(request_of(kFirst));
  EXPECT_EQ(second.status, 429);
  EXPECT_EQ(second.headers, (net::Headers{{"retry-after", "1"}}));
  EXPECT_EQ(model->next(request_of(kFirst)).content[0].text, "fine");
}

TEST(Script, ReadsEveryKindOfBlockAndDelivery) {
  const auto scenario =
      parse_scenario(R"({"steps":[{"content":[{"type":"thinking","thinking":"t","signature":"c2ln"},
    {"type":"tool_use","id":"x1","name":"Bash","input":{"command":"ls"}},{"type":"tool_use","name":"Bash","raw_input":"{\"a"},
    {"type":"redacted_thinking","data":"d"}],"stop_reason":"max_tokens","usage":{"input_tokens":5},"delay_ms":1,"event_delay_ms":2,
    "chunk_bytes":3,"cut_after_events":4},{"raw_sse":"event: x\n\n"}]})",
                     "s.json");
  ASSERT_TRUE(scenario) << describe(scenario.error());
  const Step& step = scenario->steps[0];
  EXPECT_EQ(step.content[0].signature, "c2ln");
  EXPECT_EQ(step.content[1].id, "x1");
  EXPECT_EQ(step.content[1].json, R"({"command":"ls"})");
  EXPECT_EQ(step.content[2].json, "{\"a");
  EXPECT_EQ(step.content[3].kind, Block::Kind::kOther);
  EXPECT_EQ(step.stop_reason, "max_tokens");
  EXPECT_EQ(step.usage.at("input_tokens"), 5);
  EXPECT_EQ(step.delay.count() + step.event_delay.count(), 3);
  EXPECT_EQ(step.chunk_bytes, 3U);
  EXPECT_EQ(step.cut_after_events, 4U);
  EXPECT_EQ(scenario->steps[1].raw_event_stream, "event: x\n\n");
}

TEST(Script, MistakesNameFilePlaceAndExpectation) {
  EXPECT_EQ(mistake_in("{"), "s.json: not valid JSON at line 1, column 2");
  EXPECT_EQ(mistake_in("[]"), "s.json:1: the top level: expected an object");
  EXPECT_TRUE(mistake_in("{}").contains("expected \"steps\", \"rules\" or both"));
  EXPECT_TRUE(
      mistake_in(R"({"step":[]})").contains("s.json:1: step: expected one of steps, rules, not this key"));
  EXPECT_EQ(mistake_in(R"({"steps":[{"content":[{"type":"text"}]}]})"),
            "s.json:1: steps[0].content[0]: expected a field \"text\"");
  EXPECT_EQ(mistake_in(R"({"steps":[{"content":"a"},{"content":"a","delay_ms":"1"}]})"),
            "s.json:1: steps[1].delay_ms: expected a whole number from 0 to 600000");
  EXPECT_TRUE(mistake_in(R"({"steps":[{}]})").contains("steps[0]: expected \"content\""));
  EXPECT_TRUE(
      mistake_in(R"({"steps":[{"status":302}]})").contains("steps[0].status: expected 200, or an error"));
  EXPECT_TRUE(mistake_in(R"({"steps":[{"content":[{"type":"tool_use","name":"A"}]}]})")
                  .contains("either \"input\" or \"raw_input\""));
  EXPECT_TRUE(mistake_in(R"({"rules":[{"when":{},"step":{"content":"a"}}]})")
                  .contains("rules[0].when: expected at least one condition"));
  EXPECT_TRUE(mistake_in(R"({"rules":[{"when":{"tool":1},"step":{"content":"a"}}]})")
                  .contains("rules[0].when.tool: expected a string"));
  EXPECT_TRUE(mistake_in(R"({"rules":[{"when":{"tool":"A"}}]})").contains("either \"step\" or \"steps\""));
  EXPECT_TRUE(
      mistake_in(R"({"steps":[{"content":"a","headers":{"a b":"c"}}]})").contains("expected a header name"));
}

}  // namespace
}  // namespace awl::emulator
