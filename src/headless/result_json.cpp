#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/uuid.h"
#include "headless/event_json.h"
#include "json/json.h"

namespace awl::headless {

namespace {

std::string_view subtype_of(protocol::TurnOutcome outcome) {
  switch (outcome) {
    case protocol::TurnOutcome::kSuccess:
    case protocol::TurnOutcome::kApiError:
    case protocol::TurnOutcome::kImageError:
      return "success";  // with is_error: clients tell them apart by that
    case protocol::TurnOutcome::kInterrupted:
      return "error_during_execution";
    case protocol::TurnOutcome::kMaxTurns:
      return "error_max_turns";
    case protocol::TurnOutcome::kMaxBudget:
      return "error_max_budget_usd";
    case protocol::TurnOutcome::kNoStructuredOutput:
      return "error_max_structured_output_retries";
  }
  return "success";
}

json::Value usage_json(const anthropic::TokenUsage& usage) {
  return {{"input_tokens", usage.input_tokens},
          {"cache_creation_input_tokens", usage.cache_creation_input_tokens},
          {"cache_read_input_tokens", usage.cache_read_input_tokens},
          {"output_tokens", usage.output_tokens},
          {"server_tool_use", {{"web_search_requests", usage.web_search_requests}}},
          {"service_tier", "standard"},
          {"cache_creation",
           {{"ephemeral_1h_input_tokens", usage.cache_creation_1h_input_tokens},
            {"ephemeral_5m_input_tokens",
             usage.cache_creation_input_tokens - usage.cache_creation_1h_input_tokens}}}};
}

json::Value model_usage_json(const std::map<std::string, protocol::ModelUsage>& by_model) {
  json::Value all = json::Value::object();
  for (const auto& [model, usage] : by_model) {
    all[model] = {{"inputTokens", usage.tokens.input_tokens},
                  {"outputTokens", usage.tokens.output_tokens},
                  {"cacheReadInputTokens", usage.tokens.cache_read_input_tokens},
                  {"cacheCreationInputTokens", usage.tokens.cache_creation_input_tokens},
                  {"webSearchRequests", usage.tokens.web_search_requests},
                  {"costUSD", usage.cost_usd},
                  {"contextWindow", usage.context_window},
                  {"maxOutputTokens", usage.max_output_tokens}};
    if (usage.cost_is_guess) all[model]["costIsGuess"] = true;
  }
  return all;
}

json::Value denials_json(const std::vector<protocol::PermissionDenial>& denials) {
  json::Value list = json::Value::array();
  for (const protocol::PermissionDenial& denial : denials) {
    auto input = json::parse(denial.input_json);
    list.push_back({{"tool_name", denial.tool_name},
                    {"tool_use_id", denial.tool_use_id},
                    {"tool_input", input ? std::move(*input) : json::Value::object()}});
  }
  return list;
}

}  // namespace

std::string result_json(const protocol::TurnEnded& ended, const SessionLabel& label) {
  const std::string_view subtype = subtype_of(ended.outcome);
  json::Value result{{"type", "result"},
                     {"subtype", subtype},
                     {"is_error", ended.is_error()},
                     {"duration_ms", ended.duration.count()},
                     {"duration_api_ms", ended.api_duration.count()},
                     {"num_turns", ended.num_turns}};
  if (subtype == "success") {
    result["result"] = ended.text;
    result["api_error_status"] =
        ended.api_error_status ? json::Value(*ended.api_error_status) : json::Value();
  } else {
    result["errors"] = json::Value::array({ended.text});
  }
  result["stop_reason"] = ended.stop_reason.empty() ? json::Value() : json::Value(ended.stop_reason);
  result["terminal_reason"] = terminal_reason(ended);
  result["session_id"] = label.session_id;
  result["total_cost_usd"] = ended.total_cost_usd;
  result["usage"] = usage_json(ended.usage);
  result["modelUsage"] = model_usage_json(ended.model_usage);
  result["permission_denials"] = denials_json(ended.permission_denials);
  if (!ended.structured_output_json.empty()) {
    auto value = json::parse(ended.structured_output_json);
    if (value) result["structured_output"] = std::move(*value);
  }
  if (!ended.deferred_call_json.empty()) {
    if (auto call = json::parse(ended.deferred_call_json)) result["deferred_tool_use"] = std::move(*call);
  }
  result["fast_mode_state"] = "off";  // not offered on this provider
  if (!ended.origin.empty()) result["origin"] = {{"kind", ended.origin}};
  result["uuid"] = make_uuid();
  return json::dump(result);
}

}  // namespace awl::headless
