#include "agent/tool_policy.h"

#include <gtest/gtest.h>

namespace awl::agent {
namespace {

using Mode = ToolSearchPolicy::Mode;

ToolSearchPolicy chosen(const std::string& value, bool forwards_references = true) {
  return choose_tool_search(Environment({{"ENABLE_TOOL_SEARCH", value}}), forwards_references);
}

TEST(ToolSearchPolicy, IsOnWhereReferencesArriveUnlessToldOtherwise) {
  EXPECT_EQ(choose_tool_search(Environment(), true).mode, Mode::kOn);
  EXPECT_EQ(choose_tool_search(Environment(), false).mode, Mode::kOff);
  EXPECT_EQ(chosen("true", false).mode, Mode::kOn);
  EXPECT_EQ(chosen(" TRUE ").mode, Mode::kOn);
  EXPECT_EQ(chosen("false").mode, Mode::kOff);
  EXPECT_EQ(chosen("0").mode, Mode::kOff);
}

TEST(ToolSearchPolicy, AutoHasAThreshold) {
  EXPECT_EQ(chosen("auto").mode, Mode::kAuto);
  EXPECT_EQ(chosen("auto").threshold_percent, 10);
  EXPECT_EQ(chosen("auto:5").threshold_percent, 5);
  EXPECT_EQ(chosen("auto:500").threshold_percent, 10);
  EXPECT_EQ(chosen("auto:x").threshold_percent, 10);
}

TEST(ToolSearchPolicy, WithoutExperimentalBetasItIsOff) {
  const Environment environment(
      {{"ENABLE_TOOL_SEARCH", "true"}, {"CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS", "1"}});
  EXPECT_EQ(choose_tool_search(environment, true).mode, Mode::kOff);
}

TEST(ToolSearchPolicy, ModelsBeforeTheFourthGenerationsHalfDoNotKnowIt) {
  for (const char* model : {"claude-3-7-sonnet-20250219", "claude-opus-4-20250514",
                            "claude-opus-4-1-20250805", "claude-sonnet-4-20250514", "claude-sonnet-4-0"})
    EXPECT_FALSE(knows_tool_references(model)) << model;
  for (const char* model : {"claude-opus-4-5-20251101", "claude-sonnet-4-6", "claude-haiku-4-5",
                            "claude-opus-5", "claude-fable-5", "my-own-model"})
    EXPECT_TRUE(knows_tool_references(model)) << model;
}

TEST(TaskToolsPolicy, NewerModelsDoWithoutThem) {
  const auto chosen_for = [](std::string_view model) { return choose_task_tools(Environment(), model, {}); };
  for (const char* model :
       {"claude-opus-4-7", "claude-opus-4-20250514", "claude-sonnet-4-6", "claude-haiku-5",
        "claude-haiku-4-5-20251001", "claude-3-5-sonnet-20241022", "my-own-model"})
    EXPECT_EQ(chosen_for(model), TaskTools::kList) << model;
  for (const char* model :
       {"claude-opus-4-8", "claude-opus-4-8-20260701", "claude-opus-5", "claude-opus-5-1", "claude-sonnet-5",
        "claude-sonnet-5-20260801", "claude-fable-5", "claude-mythos-5"})
    EXPECT_EQ(chosen_for(model), TaskTools::kNone) << model;
}

TEST(TaskToolsPolicy, APersonCanAskForThem) {
  const Environment on({{"CLAUDE_CODE_ENABLE_TODO_TOOLS", "1"}});
  const Environment todos({{"CLAUDE_CODE_ENABLE_TASKS", "0"}});
  EXPECT_EQ(choose_task_tools(on, "claude-opus-5", {}), TaskTools::kList);
  EXPECT_EQ(choose_task_tools(Environment(), "claude-opus-5", {"TaskGet"}), TaskTools::kList);
  EXPECT_EQ(choose_task_tools(Environment(), "claude-opus-5", {"Bash"}), TaskTools::kNone);
  EXPECT_EQ(choose_task_tools(todos, "claude-opus-4-7", {}), TaskTools::kTodos);
  EXPECT_EQ(choose_task_tools(todos, "claude-opus-5", {}), TaskTools::kNone);
  EXPECT_EQ(choose_task_tools(todos, "claude-opus-5", {"TodoWrite"}), TaskTools::kTodos);
}

}  // namespace
}  // namespace awl::agent
