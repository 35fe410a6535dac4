#include "agent/loop_guard.h"

#include <gtest/gtest.h>

namespace awl::agent {
namespace {

class LoopGuardTest : public ::testing::Test {
 protected:
  // True when the model is told something.
  bool add(const std::string& calls, const std::string& results = "same") {
    return guard.add({calls, results, false, false}).has_value();
  }
  bool refused(const std::string& calls) const { return guard.refusal(calls).has_value(); }

  LoopGuard guard;
};

TEST_F(LoopGuardTest, ARepeatedCallIsNotedThenRefused) {
  EXPECT_FALSE(add("A"));
  EXPECT_FALSE(add("A"));
  EXPECT_TRUE(add("A"));
  for (int i = 3; i < 7; ++i) add("A");
  EXPECT_FALSE(refused("A"));
  add("A");
  EXPECT_TRUE(refused("A"));
  EXPECT_TRUE(refused("A")) << "and stays so";
  EXPECT_FALSE(refused("B"));
  add("B");
  EXPECT_FALSE(refused("A")) << "anything else ends it";
}

TEST_F(LoopGuardTest, AResultThatDiffersIsProgress) {
  for (int i = 0; i < 50; ++i) {
    EXPECT_FALSE(add("A", std::to_string(i)));
    EXPECT_FALSE(refused("A"));
  }
  for (int i = 0; i < 50; ++i) {
    EXPECT_FALSE(add("A" + std::to_string(i)));
  }
}

TEST_F(LoopGuardTest, TwoCallsInTurnAreALoopToo) {
  int notes = 0;
  for (int i = 0; i < 8; ++i) {
    EXPECT_FALSE(refused("A")) << i;
    notes += add("A") ? 1 : 0;
    notes += add("B") ? 1 : 0;
  }
  EXPECT_EQ(notes, 4) << "after three and after six of either";
  EXPECT_TRUE(refused("A"));
  EXPECT_FALSE(refused("B"));
}

TEST_F(LoopGuardTest, PairsWithAChangeInThemAreNot) {
  for (int i = 0; i < 30; ++i) {
    EXPECT_FALSE(add("edit", std::to_string(i)));
    EXPECT_FALSE(add("test"));
    EXPECT_FALSE(refused("edit"));
    EXPECT_FALSE(refused("test"));
  }
}

TEST_F(LoopGuardTest, PollingIsNoLoop) {
  for (int i = 0; i < 50; ++i) {
    EXPECT_FALSE(guard.add({"sleep 5; cat status", "pending", true, false}));
    EXPECT_FALSE(refused("sleep 5; cat status"));
  }
  for (int i = 0; i < 50; ++i) {
    guard.add({"sleep", "", true, false});
    EXPECT_FALSE(add("status")) << "a pause between them makes it polling as well";
    EXPECT_FALSE(refused("status"));
  }
}

TEST_F(LoopGuardTest, WhatMayProgressIsNotedButNeverRefused) {
  int notes = 0;
  for (int i = 0; i < 30; ++i) {
    notes += guard.add({"make step", "", false, true}) ? 1 : 0;
    EXPECT_FALSE(refused("make step"));
  }
  EXPECT_GT(notes, 0);
}

}  // namespace
}  // namespace awl::agent
