#include "hooks/hook_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace awl::hooks {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class HookTableTest : public ::testing::Test {
 protected:
  void add(std::string_view text, const std::string& scope = "settings") {
    const auto parsed = json::parse(text);
    ASSERT_TRUE(parsed) << text;
    table.add(*parsed, {.name = "settings.json", .scope = scope, .variables = {}}, problems);
  }
  std::vector<std::string> labels(std::string_view event, std::string_view name) const {
    std::vector<std::string> found;
    for (const HookHandler* handler : table.find(event, name)) found.push_back(handler->label);
    return found;
  }
  HookTable table;
  std::vector<std::string> problems;
};

TEST_F(HookTableTest, EveryTypeIsRead) {
  add(R"x({"PreToolUse":[{"matcher":"Bash","hooks":[
    {"type":"command","command":"check","args":["a b"],"timeout":2.5,"if":"Bash(git *)","failClosed":true},
    {"type":"http","url":"https://x.example/y","headers":{"A":"$B"},"allowedEnvVars":["B"]},
    {"type":"mcp_tool","server":"s","tool":"t","input":{"p":"${tool_input.file_path}"}},
    {"type":"prompt","prompt":"ok?"},{"type":"agent","prompt":"look"}]}]})x");
  EXPECT_THAT(problems, IsEmpty());
  const auto found = table.find("PreToolUse", "Bash");
  ASSERT_EQ(found.size(), 5U);
  EXPECT_EQ(found[0]->timeout, std::chrono::milliseconds(2500));
  EXPECT_EQ(found[0]->condition, "Bash(git *)");
  EXPECT_TRUE(found[0]->fail_closed);
  EXPECT_THAT(*found[0]->args, ElementsAre("a b"));
  EXPECT_EQ(found[1]->type, HookHandler::Type::kHttp);
  EXPECT_EQ(found[2]->server, "s");
  EXPECT_EQ(found[4]->type, HookHandler::Type::kAgent);
  EXPECT_TRUE(table.find("PreToolUse", "Read").empty());
}

TEST_F(HookTableTest, ACopyInAnotherFileRunsOnce) {
  const char* hooks = R"({"Stop":[{"hooks":[{"type":"command","command":"one"}]}]})";
  add(hooks);
  add(hooks);
  EXPECT_THAT(labels("Stop", ""), ElementsAre("one"));
  add(hooks, "plugin:p");
  EXPECT_THAT(labels("Stop", ""), ElementsAre("one", "one")) << "a plugin's copy stays apart";
}

TEST_F(HookTableTest, WhatIsWrongIsToldAndTheRestCounts) {
  add(R"x({"Nonsense":[],"Stop":{},"PreToolUse":[{"matcher":"(","hooks":[]},{"hooks":1},
    {"hooks":[{"type":"command"},{"type":"shell","command":"x"},{"type":"http","url":"ftp://x"},
              {"type":"command","command":"x","timeout":0},{"type":"command","command":"good"}]}],
    "SessionStart":[{"hooks":[{"type":"prompt","prompt":"p"}]}]})x");
  EXPECT_THAT(problems,
              ElementsAre(HasSubstr("hooks.Nonsense: there is no such event"), HasSubstr("hooks.Stop"),
                          HasSubstr("regular expression"), HasSubstr("a group must be"),
                          HasSubstr("`command`"), HasSubstr("the type shell"), HasSubstr("http://"),
                          HasSubstr("`timeout`"), HasSubstr("SessionStart")));
  EXPECT_THAT(labels("PreToolUse", "Read"), ElementsAre("good"));
}

TEST_F(HookTableTest, EventsWithoutAMatcherPassItOver) {
  add(R"({"UserPromptSubmit":[{"matcher":"never","hooks":[{"type":"command","command":"x"}]}]})");
  EXPECT_THAT(labels("UserPromptSubmit", ""), ElementsAre("x"));
}

TEST_F(HookTableTest, AHookIsTakenOut) {
  add(R"({"Stop":[{"hooks":[{"type":"command","command":"x","once":true}]}]})");
  table.remove(table.find("Stop", "").front());
  EXPECT_THAT(labels("Stop", ""), IsEmpty());
}

}  // namespace
}  // namespace awl::hooks
