#include "anthropic/reasoning.h"

#include <gtest/gtest.h>

namespace awl::anthropic {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

Reasoning choose(const char* model, Variables variables = {}, const ReasoningWishes& wishes = {},
                 Platform platform = Platform::kClaudePlatformOnAws) {
  return choose_reasoning(wishes, Environment(std::move(variables)), find_model(model), 32'000, platform);
}

TEST(Reasoning, DefaultsByModel) {
  EXPECT_EQ(choose("claude-opus-5").effort, "high");
  EXPECT_EQ(choose("claude-opus-4-7").effort, "xhigh");
  EXPECT_EQ(choose("claude-haiku-4-5").effort, "");
  EXPECT_EQ(choose("my-own-model").effort, "");
  EXPECT_EQ(choose("my-own-model", {{"CLAUDE_CODE_ALWAYS_ENABLE_EFFORT", "1"}}).effort, "high");
  EXPECT_EQ(choose("claude-opus-5").thinking, Thinking::kAdaptive);
  EXPECT_EQ(choose("claude-haiku-4-5").thinking, Thinking::kBudget);
  EXPECT_EQ(choose("claude-haiku-4-5").budget_tokens, 31'999);
}

TEST(Reasoning, TheVariableBeatsTheFlagBeatsTheSettings) {
  const ReasoningWishes both{.effort_flag = "low", .effort_settings = "medium", .ultracode = true};
  EXPECT_EQ(choose("claude-opus-5", {}, both).effort, "low");
  EXPECT_EQ(choose("claude-opus-5", {{"CLAUDE_CODE_EFFORT_LEVEL", "max"}}, both).effort, "max");
  EXPECT_EQ(choose("claude-opus-5", {{"CLAUDE_CODE_EFFORT_LEVEL", "auto"}}, both).effort, "high");
  EXPECT_EQ(choose("claude-opus-5", {}, {.effort_settings = "medium"}).effort, "medium");
  EXPECT_EQ(choose("claude-opus-5", {}, {.effort_settings = "max"}).effort, "high");
  EXPECT_EQ(choose("claude-opus-5", {}, {.effort_settings = "low", .ultracode = true}).effort, "xhigh");
}

TEST(Reasoning, LevelsAreClampedDown) {
  EXPECT_EQ(choose("claude-opus-4-6", {}, {.effort_flag = "xhigh"}).effort, "high");
  EXPECT_EQ(choose("claude-opus-4-6", {}, {.effort_flag = "max"}).effort, "max");
  EXPECT_EQ(choose("claude-opus-5", {}, {.effort_flag = "ultracode"}).effort, "xhigh");
  EXPECT_FALSE(check_effort("extreme").has_value());
}

TEST(Reasoning, ThinkingCanBeLimitedOrSwitchedOff) {
  EXPECT_EQ(choose("claude-haiku-4-5", {{"MAX_THINKING_TOKENS", "2048"}}).budget_tokens, 2048);
  EXPECT_EQ(choose("claude-haiku-4-5", {{"MAX_THINKING_TOKENS", "99999"}}).budget_tokens, 31'999);
  EXPECT_EQ(choose("claude-haiku-4-5", {{"MAX_THINKING_TOKENS", "0"}}).thinking, Thinking::kNone);
  EXPECT_EQ(choose("claude-opus-5", {{"CLAUDE_CODE_DISABLE_THINKING", "1"}}).thinking, Thinking::kNone);
  EXPECT_EQ(choose("claude-opus-5", {}, {.always_thinking = false}).thinking, Thinking::kNone);
  EXPECT_EQ(choose("claude-fable-5", {{"MAX_THINKING_TOKENS", "0"}}).thinking, Thinking::kAdaptive)
      << "it always thinks";
}

TEST(Reasoning, TheBudgetStaysBetweenTheApisMinimumAndTheOutput) {
  EXPECT_EQ(choose("claude-haiku-4-5", {{"MAX_THINKING_TOKENS", "5"}}).budget_tokens, 1'024);
  EXPECT_EQ(choose("claude-haiku-4-5", {{"MAX_THINKING_TOKENS", "-5"}}).budget_tokens, 31'999);
  EXPECT_EQ(choose("claude-haiku-4-5", {{"MAX_THINKING_TOKENS", "many"}}).budget_tokens, 31'999);
  const auto small = choose_reasoning({}, Environment(), find_model("claude-haiku-4-5"), 1'000,
                                      Platform::kClaudePlatformOnAws);
  EXPECT_EQ(small.thinking, Thinking::kNone) << "no room to think in";
}

// MAX_THINKING_TOKENS=0 leaves the field out on the platform and switches thinking off on the direct API;
// alwaysThinkingEnabled=false switches it off everywhere, unless the API would refuse that.
TEST(Reasoning, OffIsSaidToModelsThatThinkUnasked) {
  const Variables zero{{"MAX_THINKING_TOKENS", "0"}};
  EXPECT_FALSE(choose("claude-opus-5", zero).say_off);
  EXPECT_TRUE(choose("claude-opus-5", zero, {}, Platform::kAnthropicApi).say_off);
  EXPECT_FALSE(choose("claude-opus-4-7", zero, {}, Platform::kAnthropicApi).say_off);
  EXPECT_TRUE(choose("claude-sonnet-5", {}, {.always_thinking = false}).say_off);
  EXPECT_FALSE(choose("claude-opus-5", {}, {.effort_flag = "max", .always_thinking = false}).say_off);
  EXPECT_FALSE(choose("claude-opus-5", {{"CLAUDE_CODE_DISABLE_THINKING", "1"}}).say_off);
  EXPECT_EQ(choose("claude-fable-5", {{"CLAUDE_CODE_DISABLE_THINKING", "1"}}).thinking, Thinking::kNone)
      << "the field is left out for proxies that refuse it";
}

TEST(Reasoning, InterleavingIsAskedForWithThinkingOnly) {
  EXPECT_TRUE(choose("claude-opus-5").interleaved);
  EXPECT_FALSE(choose("claude-opus-5", {{"DISABLE_INTERLEAVED_THINKING", "1"}}).interleaved);
  EXPECT_FALSE(choose("claude-opus-5", {{"CLAUDE_CODE_DISABLE_THINKING", "1"}}).interleaved);
  EXPECT_FALSE(choose("claude-haiku-4-5").interleaved);
}

TEST(Reasoning, ABudgetInPlaceOfAdaptiveThinkingOnlyOnTheModelsThatTakeIt) {
  const Variables off{{"CLAUDE_CODE_DISABLE_ADAPTIVE_THINKING", "1"}, {"MAX_THINKING_TOKENS", "5000"}};
  EXPECT_EQ(choose("claude-sonnet-4-6", off).thinking, Thinking::kBudget);
  EXPECT_EQ(choose("claude-sonnet-4-6", off).budget_tokens, 5000);
  EXPECT_EQ(choose("claude-opus-5", off).thinking, Thinking::kAdaptive);
}

}  // namespace
}  // namespace awl::anthropic
