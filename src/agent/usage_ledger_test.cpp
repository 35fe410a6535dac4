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

TEST(UsageLedger, InferenceKeptInTheUsCostsMoreWhereItExists) {
  const auto model = [](const char* id) {
    return anthropic::choose_model({.flag = id, .settings = {}}, Environment(),
                                   anthropic::Platform::kClaudePlatformOnAws, false);
  };
  UsageLedger said_by_the_answer;
  said_by_the_answer.add(model("opus"), {.input_tokens = 1'000'000, .us_only = true}, {});
  EXPECT_NEAR(said_by_the_answer.total_cost_usd(), 5.5, 1e-9);
  UsageLedger asked_for;
  anthropic::ModelChoice opus = model("opus");
  opus.us_only = true;
  asked_for.add(opus, {.output_tokens = 1'000'000, .web_search_requests = 100}, {});
  EXPECT_NEAR(asked_for.total_cost_usd(), 27.5 + 1.0, 1e-9) << "searches cost the same everywhere";
  UsageLedger older;
  older.add(model("haiku"), {.input_tokens = 1'000'000, .us_only = true}, {});
  EXPECT_NEAR(older.total_cost_usd(), 1.0, 1e-9);
}

TEST(UsageLedger, APriceThatIsNotKnownIsSaidToBeAGuess) {
  const auto model = [](const char* id) {
    return anthropic::choose_model({.flag = id, .settings = {}}, Environment(),
                                   anthropic::Platform::kClaudePlatformOnAws, false);
  };
  UsageLedger ledger;
  ledger.add(model("claude-opus-5"), {.input_tokens = 1}, {});
  ledger.add(model("claude-opus-9"), {.input_tokens = 1'000'000}, {});
  EXPECT_FALSE(ledger.by_model().at("claude-opus-5").cost_is_guess);
  EXPECT_TRUE(ledger.by_model().at("claude-opus-9").cost_is_guess);
  EXPECT_NEAR(ledger.by_model().at("claude-opus-9").cost_usd, 5.0, 1e-9) << "its family's newest price";
}

}  // namespace
}  // namespace awl::agent
