#include "emulator/models.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/encoding.h"
#include "base/strings.h"
#include "json/json.h"

namespace awl::emulator {

namespace {

constexpr ModelInfo newest(std::string_view id, std::string_view name, std::string_view created_at) {
  return {.id = id,
          .alias = id,
          .display_name = name,
          .created_at = created_at,
          .max_input_tokens = 1'000'000,
          .max_tokens = 128'000,
          .adaptive_thinking = true};
}
constexpr ModelInfo opus_5(ModelInfo model) {
  model.high_effort_needs_thinking = true;
  return model;
}
constexpr ModelInfo fable_5(ModelInfo model) {
  model.thinking_always_on = true;
  return model;
}
constexpr ModelInfo version_4_6(std::string_view id, std::string_view name, std::string_view created_at) {
  return {.id = id,
          .alias = id,
          .display_name = name,
          .created_at = created_at,
          .max_input_tokens = 1'000'000,
          .max_tokens = 128'000,
          .adaptive_thinking = true,
          .extended_thinking = true,
          .has_sampling = true};
}
constexpr ModelInfo version_4_5(std::string_view id, std::string_view alias, std::string_view name,
                                std::string_view created_at) {
  return {.id = id,
          .alias = alias,
          .display_name = name,
          .created_at = created_at,
          .max_input_tokens = 200'000,
          .max_tokens = 64'000,
          .extended_thinking = true,
          .has_sampling = true,
          .has_prefill = true};
}

/// The least that is cached, and the list price of a million tokens in and out.
constexpr ModelInfo priced(ModelInfo model, long long min_cacheable_tokens, double input_usd,
                           double output_usd) {
  model.min_cacheable_tokens = min_cacheable_tokens;
  model.input_usd_per_mtok = input_usd;
  model.output_usd_per_mtok = output_usd;
  return model;
}

constexpr std::array kModels = {
    priced(opus_5(newest("claude-opus-5", "Claude Opus 5", "2026-07-24T00:00:00Z")), 512, 5, 25),
    priced(newest("claude-sonnet-5", "Claude Sonnet 5", "2026-06-30T00:00:00Z"), 1024, 2, 10),
    priced(fable_5(newest("claude-fable-5", "Claude Fable 5", "2026-06-09T00:00:00Z")), 512, 10, 50),
    priced(newest("claude-opus-4-8", "Claude Opus 4.8", "2026-05-28T00:00:00Z"), 1024, 5, 25),
    priced(newest("claude-opus-4-7", "Claude Opus 4.7", "2026-04-16T00:00:00Z"), 2048, 5, 25),
    priced(version_4_6("claude-sonnet-4-6", "Claude Sonnet 4.6", "2026-02-17T00:00:00Z"), 1024, 3, 15),
    priced(version_4_6("claude-opus-4-6", "Claude Opus 4.6", "2026-02-05T00:00:00Z"), 4096, 5, 25),
    priced(
        version_4_5("claude-opus-4-5-20251101", "claude-opus-4-5", "Claude Opus 4.5", "2025-11-24T00:00:00Z"),
        4096, 5, 25),
    priced(version_4_5("claude-haiku-4-5-20251001", "claude-haiku-4-5", "Claude Haiku 4.5",
                       "2025-10-15T00:00:00Z"),
           4096, 1, 5),
    priced(version_4_5("claude-sonnet-4-5-20250929", "claude-sonnet-4-5", "Claude Sonnet 4.5",
                       "2025-09-29T00:00:00Z"),
           1024, 3, 15),
};

json::Value to_json(const ModelInfo& model) {
  return {{"type", "model"},
          {"id", std::string(model.id)},
          {"display_name", std::string(model.display_name)},
          {"created_at", std::string(model.created_at)},
          {"max_input_tokens", model.max_input_tokens},
          {"max_tokens", model.max_tokens},
          {"capabilities", nullptr}};
}

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
  for (const std::string_view pair : split(query, '&')) {
    const size_t equals = pair.find('=');
    if (pair.substr(0, equals) != name) continue;
    return equals == std::string_view::npos ? "" : percent_decode(pair.substr(equals + 1));
  }
  return std::nullopt;
}

/// The place of the model that a cursor names.
ApiResult<size_t> position_of(std::string_view parameter, std::string_view name) {
  const ModelInfo* model = find_model(name);
  if (model == nullptr) return invalid_request(fmt::format("{}: no model has the id '{}'", parameter, name));
  return static_cast<size_t>(model - kModels.data());
}

}  // namespace

std::span<const ModelInfo> all_models() { return kModels; }

const ModelInfo* find_model(std::string_view name) {
  const auto found = std::ranges::find_if(
      kModels, [&](const ModelInfo& model) { return model.id == name || model.alias == name; });
  return found == kModels.end() ? nullptr : &*found;
}

ApiResult<std::string> models_page(std::string_view query) {
  size_t limit = 20;
  if (const auto text = query_value(query, "limit")) {
    const auto value = parse_integer(*text);
    if (!value || *value < 1 || *value > 1000)
      return invalid_request("limit: Input should be a whole number from 1 to 1000");
    limit = static_cast<size_t>(*value);
  }
  const auto after = query_value(query, "after_id");
  const auto before = query_value(query, "before_id");
  if (after && before) return invalid_request("after_id and before_id cannot be given together");
  size_t begin = 0;
  size_t end = kModels.size();
  if (after) {
    AWL_TRY(const size_t position, position_of("after_id", *after));
    begin = position + 1;
  }
  if (before) {
    AWL_TRY(end, position_of("before_id", *before));
    begin = end > limit ? end - limit : 0;
  }
  const size_t stop = std::min(end, begin + limit);
  const bool has_more = before ? begin > 0 : stop < kModels.size();
  json::Value data = json::Value::array();
  for (size_t i = begin; i < stop; ++i) data.push_back(to_json(kModels[i]));
  json::Value first_id = nullptr;
  json::Value last_id = nullptr;
  if (!data.empty()) {
    first_id = data.front()["id"];
    last_id = data.back()["id"];
  }
  return json::dump(
      {{"data", std::move(data)}, {"has_more", has_more}, {"first_id", first_id}, {"last_id", last_id}});
}

ApiResult<std::string> model_body(std::string_view name) {
  const ModelInfo* model = find_model(name);
  if (model == nullptr) return not_found(fmt::format("model: {}", name));
  return json::dump(to_json(*model));
}

}  // namespace awl::emulator
