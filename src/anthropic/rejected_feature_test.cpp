#include "anthropic/rejected_feature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace awl::anthropic {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> rejected(const std::string& message, int status = 400) {
  CallError error;
  error.status = status;
  error.error.message = "API error 400: " + message;
  return rejected_features(error);
}

TEST(RejectedFeature, AFieldThatIsNamedAsUnknown) {
  EXPECT_THAT(rejected("context_management: Extra inputs are not permitted"),
              ElementsAre("context_management"));
  EXPECT_THAT(rejected("Unknown field: output_config"), ElementsAre("effort"));
  EXPECT_THAT(rejected("This model does not support the effort parameter."), ElementsAre("effort"));
  EXPECT_THAT(rejected("\"thinking.type.enabled\" is not supported for this model."),
              ElementsAre("thinking"));
  EXPECT_THAT(rejected("system.0.cache_control.ephemeral.ttl: Extra inputs are not permitted"),
              ElementsAre("cache_ttl"));
  EXPECT_THAT(rejected("metadata: unrecognized request argument"), ElementsAre("metadata"));
}

TEST(RejectedFeature, BetasByName) {
  EXPECT_THAT(
      rejected("Unexpected value(s) `effort-2025-11-24`, `a-b-2026-01-01` for the `anthropic-beta` header"),
      ElementsAre("beta:effort-2025-11-24", "beta:a-b-2026-01-01"));
  EXPECT_THAT(rejected("Unexpected value(s) for the `anthropic-beta` header"), IsEmpty());
}

TEST(RejectedFeature, WhatIsAboutSomethingElse) {
  EXPECT_THAT(rejected("thinking blocks in the latest assistant message cannot be modified"), IsEmpty());
  EXPECT_THAT(rejected("max_tokens must be greater than thinking.budget_tokens"), IsEmpty());
  EXPECT_THAT(rejected("messages.1.content.0: unexpected `tool_use_id` found in `tool_result` blocks"),
              IsEmpty());
  EXPECT_THAT(rejected("tools.3.input_schema: unknown keyword"), IsEmpty());
  EXPECT_THAT(rejected("prompt is too long: 5 tokens > 4 maximum"), IsEmpty());
  EXPECT_THAT(rejected("context_management: Extra inputs are not permitted", 500), IsEmpty());
}

}  // namespace
}  // namespace awl::anthropic
