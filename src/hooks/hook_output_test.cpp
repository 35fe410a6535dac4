#include "hooks/hook_output.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace awl::hooks {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

HookOutcome outcome_of(std::string_view event, int exit_code, std::string out, std::string err = "",
                       bool fail_closed = false) {
  HookOutcome outcome;
  HookRun run;
  run.exit_code = exit_code;
  run.out = std::move(out);
  run.err = std::move(err);
  add_run(outcome, event, std::string(event), run, fail_closed);
  return outcome;
}

std::string decision(std::string_view word) {
  return R"({"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":")" + std::string(word) +
         R"(","permissionDecisionReason":"because"}})";
}

TEST(HookOutput, ExitCodeTwoBlocksWhateverTheOutputSays) {
  EXPECT_EQ(outcome_of("PreToolUse", 2, "", "no").permission, HookPermission::kDeny);
  EXPECT_EQ(outcome_of("PreToolUse", 2, decision("allow"), "no").permission, HookPermission::kDeny);
  EXPECT_EQ(outcome_of("PreToolUse", 2, decision("allow"), "no").permission_reason, "no");
  const auto both = outcome_of("PreToolUse", 2, decision("deny"), "stderr");
  EXPECT_EQ(both.permission_reason, "because") << "the reason of the output goes first";
  const auto broken = outcome_of("Stop", 2, R"({"continue":"yes"})", "go on");
  EXPECT_TRUE(broken.blocked);
  EXPECT_EQ(broken.reason, "go on");
}

TEST(HookOutput, OtherExitCodesBlockNothing) {
  const auto outcome = outcome_of("PreToolUse", 1, "", "oops\nmore");
  EXPECT_EQ(outcome.permission, HookPermission::kNone);
  EXPECT_THAT(outcome.errors, ElementsAre(HasSubstr("exit code 1: oops")));
  EXPECT_EQ(outcome_of("PreToolUse", 1, decision("ask")).permission, HookPermission::kAsk)
      << "output that is as it must be counts on every exit code";
}

TEST(HookOutput, AHookThatMustNotFailBlocksWhenItDoes) {
  const auto outcome = outcome_of("PreToolUse", 127, "", "sh: x: not found", true);
  EXPECT_EQ(outcome.permission, HookPermission::kDeny);
  EXPECT_THAT(outcome.permission_reason, HasSubstr("not found"));
  EXPECT_TRUE(outcome_of("UserPromptSubmit", 1, "", "", true).blocked);
  EXPECT_FALSE(outcome_of("PostToolUse", 1, "", "", true).blocked) << "nothing is left to stop";
  HookOutcome timed_out;
  HookRun run;
  run.failure = "it did not end within 1 s";
  add_run(timed_out, "Stop", "Stop", run, true);
  EXPECT_TRUE(timed_out.blocked);
}

TEST(HookOutput, TheStrictestDecisionWins) {
  HookOutcome outcome;
  for (const char* word : {"allow", "deny", "ask"}) {
    HookRun run;
    run.out = decision(word);
    add_run(outcome, "PreToolUse", "PreToolUse:Bash", run, false);
  }
  EXPECT_EQ(outcome.permission, HookPermission::kDeny);
  EXPECT_EQ(outcome.permission_reason, "because") << "of the one that won alone";
}

TEST(HookOutput, PlainTextIsContextOfSomeEventsOnly) {
  EXPECT_THAT(outcome_of("SessionStart", 0, "branch main\n").contexts, ElementsAre("branch main"));
  EXPECT_THAT(outcome_of("UserPromptSubmit", 0, "[1]").contexts, ElementsAre("[1]"));
  EXPECT_THAT(outcome_of("UserPromptSubmit", 0, "{ broken").contexts, ElementsAre("{ broken"));
  EXPECT_THAT(outcome_of("PreToolUse", 0, "text").contexts, IsEmpty());
}

TEST(HookOutput, WhatDoesNotFitIsAnErrorAndDoesNothing) {
  for (const char* said :
       {R"({"decision":"perhaps"})", R"({"continue":1})",
        R"({"hookSpecificOutput":{"permissionDecision":"deny"}})",
        R"({"hookSpecificOutput":{"hookEventName":"Stop"}})",
        R"({"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"never"}})"}) {
    const auto outcome = outcome_of("PreToolUse", 0, said);
    EXPECT_EQ(outcome.permission, HookPermission::kNone) << said;
    EXPECT_THAT(outcome.errors, ElementsAre(HasSubstr("not as it must be"))) << said;
  }
}

TEST(HookOutput, FieldsOfAllEvents) {
  const auto outcome = outcome_of(
      "Stop", 0,
      R"({"continue":false,"stopReason":"enough","systemMessage":"hear","decision":"block","reason":"r"})");
  EXPECT_TRUE(outcome.stop);
  EXPECT_EQ(outcome.stop_reason, "enough");
  EXPECT_THAT(outcome.messages, ElementsAre("hear"));
  EXPECT_TRUE(outcome.blocked);
}

TEST(HookOutput, APermissionRequestIsDecided) {
  const auto deny = outcome_of("PermissionRequest", 0,
                               R"({"hookSpecificOutput":{"hookEventName":"PermissionRequest","decision":
                                  {"behavior":"deny","message":"no","interrupt":true}}})");
  EXPECT_EQ(deny.behavior, "deny");
  EXPECT_TRUE(deny.interrupt);
  const auto allow = outcome_of("PermissionRequest", 0,
                                R"({"hookSpecificOutput":{"hookEventName":"PermissionRequest","decision":
                                   {"behavior":"allow","updatedInput":{"command":"ls"}}}})");
  EXPECT_EQ(allow.updated_input_json, R"({"command":"ls"})");
}

TEST(HookOutput, TheOldWordsOfPreToolUse) {
  EXPECT_EQ(outcome_of("PreToolUse", 0, R"({"decision":"approve"})").permission, HookPermission::kAllow);
  EXPECT_EQ(outcome_of("PreToolUse", 0, R"({"decision":"block","reason":"x"})").permission,
            HookPermission::kDeny);
}

TEST(HookOutput, AnAnswerOverHttpMustBeAnObject) {
  HookOutcome outcome;
  HookRun run;
  run.wants_json = true;
  add_run(outcome, "UserPromptSubmit", "h", run, false);
  EXPECT_THAT(outcome.errors, IsEmpty()) << "an empty body is a success";
  run.out = "plain";
  add_run(outcome, "UserPromptSubmit", "h", run, false);
  EXPECT_THAT(outcome.errors, ElementsAre(HasSubstr("no JSON object")));
  EXPECT_THAT(outcome.contexts, IsEmpty());
}

}  // namespace
}  // namespace awl::hooks
