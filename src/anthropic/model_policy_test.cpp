#include "anthropic/model_policy.h"

#include <gtest/gtest.h>

namespace awl::anthropic {
namespace {

struct Outcome {
  std::string id;
  std::string notice;
};

Outcome choose(const ModelPolicy& policy, const std::optional<std::string>& flag,
               const ModelList& listed = {}) {
  Outcome outcome;
  outcome.id = choose_permitted_model(policy, {.flag = flag, .settings = {}}, Environment(),
                                      Platform::kClaudePlatformOnAws, false, listed, outcome.notice)
                   .id;
  return outcome;
}

ModelPolicy allow(std::vector<std::string> models, bool enforce = false) {
  return {.available = std::move(models), .enforce_default = enforce, .overrides = {}};
}

TEST(ModelPolicy, WithoutAListEverythingIsAllowed) {
  EXPECT_EQ(choose({}, "claude-anything").id, "claude-anything");
  EXPECT_EQ(choose({}, std::nullopt).id, "claude-opus-5");
}

TEST(ModelPolicy, AFamilyAStartAndAWholeIdNameModels) {
  EXPECT_EQ(choose(allow({"sonnet"}), "claude-sonnet-4-5").id, "claude-sonnet-4-5");
  EXPECT_EQ(choose(allow({"claude-sonnet-4-5"}), "claude-sonnet-4-5-20250929").id,
            "claude-sonnet-4-5-20250929");
  EXPECT_NE(choose(allow({"claude-sonnet-4"}), "claude-sonnet-45").id, "claude-sonnet-45");
  EXPECT_EQ(choose(allow({"sonnet"}), "claude-sonnet-4-6[1m]").id, "claude-sonnet-4-6");
}

TEST(ModelPolicy, AnythingElseGivesWayToTheDefaultModelAndItIsSaid) {
  const Outcome outcome = choose(allow({"sonnet"}), "claude-haiku-4-5");
  EXPECT_EQ(outcome.id, "claude-opus-5");
  EXPECT_NE(outcome.notice.find("claude-haiku-4-5 (--model)"), std::string::npos) << outcome.notice;
}

TEST(ModelPolicy, TheDefaultIsLeftAloneUnlessItIsEnforced) {
  EXPECT_EQ(choose(allow({"sonnet"}), std::nullopt).id, "claude-opus-5");
  EXPECT_EQ(choose(allow({"haiku"}, true), std::nullopt).id, "claude-haiku-4-5-20251001");
  EXPECT_EQ(choose(allow({}, true), std::nullopt).id, "claude-opus-5");
}

TEST(ModelPolicy, AnAliasStandsForTheNewestVersionThatIsAllowed) {
  const Outcome outcome = choose(allow({"sonnet", "claude-opus-4-6"}), "opus");
  EXPECT_EQ(outcome.id, "claude-opus-4-6");
  EXPECT_FALSE(outcome.notice.empty());
  const ModelList listed{{.id = "claude-opus-4-7-x", .created_at = "2026-01-01"},
                         {.id = "claude-opus-4-6", .created_at = "2025-01-01"}};
  EXPECT_EQ(choose(allow({"claude-opus-4-7-x", "claude-opus-4-6"}), "opus", listed).id, "claude-opus-4-7-x");
}

TEST(ModelPolicy, AModelOfAFamilyTakesTheFamilyItselfOutOfForce) {
  EXPECT_EQ(choose(allow({"sonnet", "claude-sonnet-4-5"}), "claude-sonnet-4-6").id, "claude-opus-5");
  EXPECT_EQ(choose(allow({"sonnet", "claude-sonnet-4-5"}), "sonnet").id, "claude-sonnet-4-5");
}

TEST(ModelPolicy, AnOverrideIsWhatGoesOnTheWire) {
  ModelPolicy policy;
  policy.overrides["claude-opus-4-6"] = "team-opus";
  EXPECT_EQ(choose(policy, "claude-opus-4-6").id, "team-opus");
}

}  // namespace
}  // namespace awl::anthropic
