#include "anthropic/usage.h"

#include <nlohmann/json.hpp>

namespace awl::anthropic {

namespace {

constexpr double kCacheWrite5mFactor = 1.25;
constexpr double kCacheWrite1hFactor = 2.0;
constexpr double kCacheReadFactor = 0.1;
constexpr double kUsOnlyFactor = 1.1;
constexpr double kWebSearchUsd = 0.01;
constexpr double kTokensPerPriceUnit = 1e6;

void take(int64_t& target, const json::Value& object, std::string_view key) {
  if (const auto value = json::get_integer(object, key)) target = *value;
}

}  // namespace

TokenUsage& TokenUsage::operator+=(const TokenUsage& other) {
  input_tokens += other.input_tokens;
  output_tokens += other.output_tokens;
  cache_read_input_tokens += other.cache_read_input_tokens;
  cache_creation_input_tokens += other.cache_creation_input_tokens;
  cache_creation_1h_input_tokens += other.cache_creation_1h_input_tokens;
  web_search_requests += other.web_search_requests;
  us_only = us_only || other.us_only;
  return *this;
}

void merge_usage(TokenUsage& tokens, const json::Value& usage) {
  take(tokens.input_tokens, usage, "input_tokens");
  take(tokens.output_tokens, usage, "output_tokens");
  take(tokens.cache_read_input_tokens, usage, "cache_read_input_tokens");
  take(tokens.cache_creation_input_tokens, usage, "cache_creation_input_tokens");
  if (const auto where = json::get_string(usage, "inference_geo")) tokens.us_only = *where == "us";
  if (const json::Value* creation = json::find(usage, "cache_creation")) {
    take(tokens.cache_creation_1h_input_tokens, *creation, "ephemeral_1h_input_tokens");
  }
  if (const json::Value* tools = json::find(usage, "server_tool_use")) {
    take(tokens.web_search_requests, *tools, "web_search_requests");
  }
}

double cost_usd(const TokenUsage& tokens, const Pricing& pricing) {
  const auto written_1h = static_cast<double>(tokens.cache_creation_1h_input_tokens);
  const auto written_5m = static_cast<double>(tokens.cache_creation_input_tokens) - written_1h;
  const double input_units = static_cast<double>(tokens.input_tokens) + written_5m * kCacheWrite5mFactor +
                             written_1h * kCacheWrite1hFactor +
                             static_cast<double>(tokens.cache_read_input_tokens) * kCacheReadFactor;
  const double units =
      input_units * pricing.input + static_cast<double>(tokens.output_tokens) * pricing.output;
  return units * (tokens.us_only ? kUsOnlyFactor : 1.0) / kTokensPerPriceUnit +
         static_cast<double>(tokens.web_search_requests) * kWebSearchUsd;
}

}  // namespace awl::anthropic
