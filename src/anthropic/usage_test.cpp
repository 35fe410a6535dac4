#include "anthropic/usage.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace awl::anthropic {
namespace {

TEST(Usage, StreamsGiveTheCountsInParts) {
  TokenUsage tokens;
  merge_usage(
      tokens,
      *json::parse(R"({"input_tokens":10,"cache_creation_input_tokens":100,"cache_read_input_tokens":1000,
      "cache_creation":{"ephemeral_5m_input_tokens":40,"ephemeral_1h_input_tokens":60},"output_tokens":1})"));
  merge_usage(tokens, *json::parse(R"({"output_tokens":25,"server_tool_use":{"web_search_requests":2}})"));
  EXPECT_EQ(tokens, (TokenUsage{10, 25, 1000, 100, 60, 2}));
}

TEST(Usage, CostIsTheListPriceToTheCent) {
  // 1 M each at $5 in, $25 out: 5 + 25 + read 0.5 + written 5m 6.25 + written 1h 10.
  const TokenUsage tokens{1'000'000, 1'000'000, 1'000'000, 2'000'000, 1'000'000, 0};
  EXPECT_NEAR(cost_usd(tokens, {5, 25}), 46.75, 1e-9);
  EXPECT_NEAR(cost_usd({0, 0, 0, 0, 0, 3}, {5, 25}), 0.03, 1e-9);
}

}  // namespace
}  // namespace awl::anthropic
