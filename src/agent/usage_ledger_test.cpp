#include "agent/usage_ledger.h"

#include <gtest/gtest.h>

namespace awl::agent {
namespace {

TEST(UsageLedger, AddsUpByModel) {
  const auto model = [](const char* id) {
    return anthropic::choose_model({.flag = id, .settings = {}}, Environment(),
                                   anthropic::Platform::kClaudePlatformOnAws, false);
  };
  UsageLedger ledger;
  ledger.add(model("opus"), {.input_tokens = 1'000'000}, std::chrono::milliseconds(5));
  ledger.add(model("opus"), {.output_tokens = 1'000'000}, std::chrono::milliseconds(6));
  ledger.add(model("haiku"), {.input_tokens = 1'000'000}, std::chrono::milliseconds(7));
  EXPECT_EQ(ledger.by_model().size(), 2U);
  EXPECT_NEAR(ledger.by_model().at("claude-opus-5").cost_usd, 30, 1e-9);
  EXPECT_NEAR(ledger.total_cost_usd(), 31, 1e-9);
  EXPECT_EQ(ledger.api_duration(), std::chrono::milliseconds(18));
}

}  // namespace
}  // namespace awl::agent
