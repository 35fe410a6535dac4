// Tokens of a call and what they cost.
#pragma once

#include <cstdint>

#include "json/json.h"

namespace awl::anthropic {

struct TokenUsage {
  int64_t input_tokens = 0;  ///< neither read from nor written to the prompt cache
  int64_t output_tokens = 0;
  int64_t cache_read_input_tokens = 0;
  int64_t cache_creation_input_tokens = 0;
  int64_t cache_creation_1h_input_tokens =
      0;  ///< the part of cache_creation_input_tokens that is kept for an hour
  int64_t web_search_requests = 0;
  bool us_only = false;  ///< inference was kept in the US, which costs more

  TokenUsage& operator+=(const TokenUsage& other);
  friend bool operator==(const TokenUsage&, const TokenUsage&) = default;
};

/// Overwrites the counts that `usage` (a `usage` object of the Messages API) names; streams give some at the
/// start and others, cumulative, at the end.
void merge_usage(TokenUsage& tokens, const json::Value& usage);

/// US dollars per million tokens. Source: platform documentation, "Pricing".
struct Pricing {
  double input = 0;
  double output = 0;
};

/// List price of one call: tokens of US-only inference cost 1.1 times as much, cache writes cost 1.25 (5
/// minutes) or 2 times the input price (1 hour), cache reads 0.1 times, a web search one cent.
double cost_usd(const TokenUsage& tokens, const Pricing& pricing);

}  // namespace awl::anthropic
