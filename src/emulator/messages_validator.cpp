#include "emulator/messages_validator.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "emulator/contains.h"
#include "emulator/models.h"
#include "emulator/validation.h"

namespace awl::emulator {

namespace {

bool has_beta(const std::vector<std::string>& betas, std::string_view prefix) {
  return std::ranges::any_of(betas, [&](const std::string& beta) { return beta.starts_with(prefix); });
}

ApiResult<> check_fields(const json::Value& request, const std::vector<std::string>& betas) {
  AWL_CHECK(allow_only(
      request, {"model",         "messages",  "max_tokens",         "system",        "tools",
                "tool_choice",   "metadata",  "stop_sequences",     "stream",        "temperature",
                "top_k",         "top_p",     "thinking",           "output_config", "output_format",
                "service_tier",  "container", "context_management", "mcp_servers",   "inference_geo",
                "cache_control", "speed",     "diagnostics",        "fallbacks",     "fallback_credit_token"},
      ""));
  constexpr std::pair<std::string_view, std::string_view> kNeedsBeta[] = {
      {"context_management", "context-management-"}, {"mcp_servers", "mcp-client-"}, {"speed", "fast-mode-"}};
  for (const auto& [field, beta] : kNeedsBeta) {
    const bool by_compaction = field == "context_management" && has_beta(betas, "compact-");
    const json::Value* value = json::find(request, field);
    if (value != nullptr && !value->is_null() && !has_beta(betas, beta) && !by_compaction) {
      return invalid_at(
          field,
          fmt::format("Extra inputs are not permitted (the header anthropic-beta names no {}…)", beta));
    }
  }
  return {};
}

/// Models that came after our list was written are let through.
bool could_be_model(std::string_view name) {
  constexpr std::string_view kCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-.";
  return name.starts_with("claude-") && name.find_first_not_of(kCharacters) == std::string_view::npos;
}

ApiResult<const ModelInfo*> check_model(const json::Value& request) {
  AWL_TRY(const std::string name, require_string(request, "model", ""));
  if (name.empty()) return invalid_at("model", "String should have at least 1 character");
  const ModelInfo* model = find_model(name);
  if (model == nullptr && !could_be_model(name)) return not_found(fmt::format("model: {}", name));
  return model;
}

ApiResult<long long> check_max_tokens(const json::Value& request, const ModelInfo* model, Endpoint endpoint) {
  const json::Value* value = json::find(request, "max_tokens");
  if (value == nullptr && endpoint == Endpoint::kCountTokens) return 0;
  if (value == nullptr) return invalid_at("max_tokens", "Field required");
  if (!value->is_number_integer()) return invalid_at("max_tokens", "Input should be a valid integer");
  const auto tokens = value->get<long long>();
  if (tokens < 0) return invalid_at("max_tokens", "Input should be greater than or equal to 0");
  if (model != nullptr && tokens > model->max_tokens) {
    return invalid_at("max_tokens",
                      fmt::format("{} > {}, which is the maximum allowed number of output tokens for {}",
                                  tokens, model->max_tokens, model->id));
  }
  return tokens;
}

ApiResult<> check_budget(const json::Value& thinking, long long max_tokens, bool interleaved) {
  const auto budget = json::get_integer(thinking, "budget_tokens");
  if (!budget) return invalid_at("thinking.enabled.budget_tokens", "Field required, a whole number");
  if (*budget < 1024)
    return invalid_at("thinking.enabled.budget_tokens", "Input should be greater than or equal to 1024");
  if (max_tokens > 0 && *budget >= max_tokens && !interleaved) {
    return invalid_request("`max_tokens` must be greater than `thinking.budget_tokens`.");
  }
  return {};
}

ApiResult<> check_thinking(const json::Value& request, const ModelInfo* model, long long max_tokens,
                           bool interleaved) {
  const json::Value* thinking = json::find(request, "thinking");
  if (thinking == nullptr) return {};
  AWL_CHECK(require_object(*thinking, "thinking"));
  AWL_TRY(const std::string type, require_string(*thinking, "type", "thinking"));
  if (type == "enabled") {
    if (model != nullptr && !model->extended_thinking) {
      return invalid_request(
          "\"thinking.type.enabled\" is not supported for this model. Use \"thinking.type.adaptive\" and "
          "\"output_config.effort\" to control thinking behavior.");
    }
    return check_budget(*thinking, max_tokens, interleaved);
  }
  if (json::find(*thinking, "budget_tokens") != nullptr) {
    return invalid_at(fmt::format("thinking.{}.budget_tokens", type), "Extra inputs are not permitted");
  }
  if (type == "adaptive") {
    if (model != nullptr && !model->adaptive_thinking)
      return invalid_request("adaptive thinking is not supported on this model");
    return {};
  }
  if (type != "disabled")
    return invalid_at("thinking.type", "Input should be 'enabled', 'adaptive' or 'disabled'");
  const json::Value* output = json::find(request, "output_config");
  const std::string effort = output == nullptr ? "" : json::string_or_empty(*output, "effort");
  const bool too_much_effort = effort == "xhigh" || effort == "max";
  if (model != nullptr &&
      (model->thinking_always_on || (model->high_effort_needs_thinking && too_much_effort))) {
    return invalid_request(fmt::format("\"thinking.type.disabled\" is not supported for this model{}.",
                                       model->thinking_always_on ? "" : " with effort " + effort));
  }
  return {};
}

bool thinks(const json::Value& request) {
  const json::Value* thinking = json::find(request, "thinking");
  if (thinking == nullptr) return false;
  const std::string type = json::string_or_empty(*thinking, "type");
  return type == "enabled" || type == "adaptive";
}

ApiResult<> check_sampling(const json::Value& request, const ModelInfo* model) {
  const json::Value* temperature = json::find(request, "temperature");
  if (temperature != nullptr) {
    if (!temperature->is_number()) return invalid_at("temperature", "Input should be a valid number");
    const double value = temperature->get<double>();
    if (value < 0 || value > 1) return invalid_at("temperature", "Input should be from 0 to 1");
    if (value != 1.0 && thinks(request))
      return invalid_request("`temperature` may only be set to 1 when thinking is enabled.");
    if (value != 1.0 && model != nullptr && !model->has_sampling)
      return invalid_at("temperature", "this model takes only the default, 1");
  }
  for (const char* name : {"top_p", "top_k"}) {
    const json::Value* value = json::find(request, name);
    if (value == nullptr) continue;
    if (!value->is_number()) return invalid_at(name, "Input should be a valid number");
    if (model != nullptr && !model->has_sampling && *value != 1)
      return invalid_at(name, "this model takes only the default");
  }
  return {};
}

ApiResult<> check_output_config(const json::Value& request) {
  const json::Value* output = json::find(request, "output_config");
  if (output == nullptr) return {};
  AWL_CHECK(require_object(*output, "output_config"));
  const json::Value* effort = json::find(*output, "effort");
  if (effort == nullptr || effort->is_null()) return {};
  constexpr std::string_view kEfforts[] = {"low", "medium", "high", "xhigh", "max"};
  if (effort->is_string() && contains(kEfforts, effort->get<std::string>())) return {};
  return invalid_at("output_config.effort", "Input should be 'low', 'medium', 'high', 'xhigh' or 'max'");
}

ApiResult<> check_other_types(const json::Value& request) {
  if (const json::Value* stream = json::find(request, "stream"); stream != nullptr && !stream->is_boolean()) {
    return invalid_at("stream", "Input should be a valid boolean");
  }
  if (const json::Value* sequences = json::find(request, "stop_sequences")) {
    if (!sequences->is_array()) return invalid_at("stop_sequences", "Input should be a valid list");
    for (size_t i = 0; i < sequences->size(); ++i) {
      if (!(*sequences)[i].is_string())
        return invalid_at(join_path("stop_sequences", i), "Input should be a valid string");
    }
  }
  if (const json::Value* metadata = json::find(request, "metadata")) {
    AWL_CHECK(require_object(*metadata, "metadata"));
    AWL_CHECK(allow_only(*metadata, {"user_id"}, "metadata"));
    const json::Value* user = json::find(*metadata, "user_id");
    if (user != nullptr && !user->is_string() && !user->is_null()) {
      return invalid_at("metadata.user_id", "Input should be a valid string");
    }
  }
  return {};
}

/// max_tokens 0 only fills the cache; what would need output is refused.
ApiResult<> check_without_output(const json::Value& request) {
  const json::Value* thinking = json::find(request, "thinking");
  const json::Value* output = json::find(request, "output_config");
  const json::Value* choice = json::find(request, "tool_choice");
  const std::string choice_type = choice == nullptr ? "" : json::string_or_empty(*choice, "type");
  const bool needs_output = json::get_bool(request, "stream").value_or(false) ||
                            (thinking != nullptr && json::string_or_empty(*thinking, "type") == "enabled") ||
                            (output != nullptr && json::find(*output, "format") != nullptr) ||
                            choice_type == "tool" || choice_type == "any";
  if (!needs_output) return {};
  return invalid_at(
      "max_tokens",
      "0 cannot be combined with stream, enabled thinking, output_config.format or a forced tool");
}

ApiResult<> check_ends_with_user(const json::Value& messages, const ModelInfo* model) {
  const bool is_prefill = json::string_or_empty(messages.back(), "role") == "assistant";
  if (!is_prefill || (model != nullptr && model->has_prefill)) return {};
  return invalid_request(
      "This model does not support assistant message prefill. The conversation must end with a user "
      "message.");
}

}  // namespace

ApiResult<> validate_request(const json::Value& request, const std::vector<std::string>& betas,
                             Endpoint endpoint) {
  AWL_CHECK(require_object(request, "body"));
  AWL_CHECK(check_fields(request, betas));
  AWL_TRY(const ModelInfo* model, check_model(request));
  AWL_TRY(const long long max_tokens, check_max_tokens(request, model, endpoint));
  if (endpoint == Endpoint::kMessages && max_tokens == 0) {
    AWL_CHECK(check_without_output(request));
  }
  AWL_CHECK(check_thinking(request, model, max_tokens, has_beta(betas, "interleaved-thinking-")));
  AWL_CHECK(check_sampling(request, model));
  AWL_CHECK(check_output_config(request));
  AWL_CHECK(check_other_types(request));
  AWL_CHECK(validate_tools(request));
  AWL_CHECK(validate_content(request));
  AWL_CHECK(validate_cache_control(request));
  const json::Value& messages = *json::find(request, "messages");
  AWL_CHECK(validate_turns(messages));
  return check_ends_with_user(messages, model);
}

}  // namespace awl::emulator
