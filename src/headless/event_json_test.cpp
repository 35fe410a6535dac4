#include "headless/event_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "json/json.h"

namespace awl::headless {
namespace {

class EventJsonTest : public ::testing::Test {
 protected:
  std::vector<json::Value> format(const protocol::Event& event) {
    std::vector<json::Value> messages;
    for (const std::string& text : formatter.format(event)) {
      auto parsed = json::parse(text);
      EXPECT_TRUE(parsed.has_value()) << text;
      if (!parsed) continue;
      EXPECT_EQ((*parsed)["session_id"], "sid");
      EXPECT_EQ((*parsed)["uuid"].get<std::string>().size(), 36U);
      messages.push_back(std::move(*parsed));
    }
    return messages;
  }
  EventFormatter formatter{SessionLabel{"sid", "2.1.197"}};
};

TEST_F(EventJsonTest, TheInitEventDescribesTheSession) {
  const auto init =
      format(protocol::SessionStarted{"/work \"x\"", "claude-opus-5", "default", "none", {"Bash", "Read"}})
          .at(0);
  EXPECT_EQ(init["subtype"], "init");
  EXPECT_EQ(init["cwd"], "/work \"x\"");
  EXPECT_EQ(init["tools"].size(), 2U);
  EXPECT_EQ(init["permissionMode"], "default");
  EXPECT_EQ(init["claude_code_version"], "2.1.197");
}

TEST_F(EventJsonTest, BlocksAndResultsAreForwardedAsTheyAre) {
  const std::string uuid(36, 'u');
  const auto assistant = format(protocol::AssistantBlock{uuid, "msg_1", "m", R"({"type":"text","text":"hi"})",
                                                         R"({"input_tokens":1})", ""})
                             .at(0);
  EXPECT_EQ(assistant["message"]["content"][0]["text"], "hi");
  EXPECT_TRUE(assistant["message"]["stop_reason"].is_null());
  EXPECT_EQ(assistant["uuid"], uuid);
  EXPECT_FALSE(assistant.contains("error"));
  const auto failed =
      format(protocol::AssistantBlock{uuid, "msg_2", "<synthetic>", R"({"type":"text","text":"busy"})",
                                      R"({"input_tokens":0})", "overloaded"})
          .at(0);
  EXPECT_EQ(failed["error"], "overloaded");
  const auto user =
      format(protocol::ToolFinished{uuid, "t1", R"({"type":"tool_result","tool_use_id":"t1","content":"x"})",
                                    R"({"stdout":"x"})"})
          .at(0);
  EXPECT_EQ(user["message"]["content"][0]["tool_use_id"], "t1");
  EXPECT_EQ(user["tool_use_result"]["stdout"], "x");
  EXPECT_TRUE(user["parent_tool_use_id"].is_null());
}

TEST_F(EventJsonTest, RetriesSayWhyAndWhen) {
  const auto retry =
      format(protocol::RetryScheduled{1, 3, std::chrono::milliseconds(1500), 429, "rate_limit", "slow down"})
          .at(0);
  EXPECT_EQ(retry["subtype"], "api_retry");
  EXPECT_EQ(retry["retry_delay_ms"], 1500);
  EXPECT_EQ(retry["error_status"], 429);
  const auto refused = format(protocol::RetryScheduled{1, 3, {}, std::nullopt, "unknown", ""}).at(0);
  EXPECT_TRUE(refused["error_status"].is_null());
}

TEST_F(EventJsonTest, ATaskThatEndsBetweenTurnsIsAnnounced) {
  const protocol::TaskChanged task{"b1", "t1", "completed", "done", "/tmp/o"};
  EXPECT_EQ(format(task).size(), 2U);
  format(protocol::SessionStarted{});
  EXPECT_EQ(format(task).size(), 1U);
  format(protocol::TurnEnded{});
  EXPECT_EQ(format(task).at(1)["subtype"], "task_notification");
}

TEST_F(EventJsonTest, ResultsByOutcome) {
  protocol::TurnEnded ended;
  ended.outcome = protocol::TurnOutcome::kApiError;
  ended.api_error_status = 403;
  ended.text = "no";
  const auto api = format(ended).at(0);
  EXPECT_EQ(api["subtype"], "success");
  EXPECT_EQ(api["is_error"], true);
  EXPECT_EQ(api["api_error_status"], 403);
  ended.outcome = protocol::TurnOutcome::kMaxTurns;
  const auto turns = format(ended).at(0);
  EXPECT_EQ(turns["subtype"], "error_max_turns");
  EXPECT_EQ(turns["errors"][0], "no");
  EXPECT_FALSE(turns.contains("result"));
  ended.outcome = protocol::TurnOutcome::kInterrupted;
  EXPECT_EQ(format(ended).at(0)["subtype"], "error_during_execution");
}

TEST_F(EventJsonTest, ADenialKeepsItsInput) {
  protocol::TurnEnded ended;
  ended.permission_denials.push_back({"Write", "t1", R"({"file_path":"/w.txt"})"});
  EXPECT_EQ(format(ended).at(0)["permission_denials"][0]["tool_input"]["file_path"], "/w.txt");
}

}  // namespace
}  // namespace awl::headless
