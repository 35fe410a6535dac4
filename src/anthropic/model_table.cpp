// The built-in model table. Sources: platform documentation, "Models overview", "Pricing", "Context windows",
// "Thinking" and "Data residency"; product documentation, "Model configuration" (August 2026).
#include <array>

#include "anthropic/models.h"

namespace awl::anthropic {

namespace {

constexpr int64_t k8K = 8'192;
constexpr int64_t k32K = 32'000;
constexpr int64_t k64K = 64'000;
constexpr int64_t k128K = 128'000;

constexpr EffortLevels kAllLevels{.supported = true, .xhigh = true, .max = true};
constexpr EffortLevels kWithoutXhigh{.supported = true, .xhigh = false, .max = true};

// Kinds of model: what their rows share.
constexpr ModelInfo adaptive(std::string_view id, Family family, Pricing pricing) {
  return {.id = id,
          .family = family,
          .pricing = pricing,
          .context_window = kLongWindow,
          .default_max_output = k64K,
          .max_output_limit = k128K,
          .thinking = Thinking::kAdaptive,
          .effort = kAllLevels,
          .default_effort = "high",
          .has_inference_geo = true};
}

// 4.6: the long window only on request, a fixed thinking budget too.
constexpr ModelInfo adaptive_4_6(std::string_view id, Family family, Pricing pricing) {
  ModelInfo row = adaptive(id, family, pricing);
  row.context_window = 200'000;
  row.effort = kWithoutXhigh;
  row.must_read_before_edit = true;
  row.thinking_budget_too = true;
  return row;
}

constexpr ModelInfo budgeted(std::string_view id, Family family, Pricing pricing, int64_t output_limit) {
  return {.id = id,
          .family = family,
          .pricing = pricing,
          .default_max_output = output_limit < k32K ? output_limit : k32K,
          .max_output_limit = output_limit,
          .thinking = Thinking::kBudget,
          .must_read_before_edit = true,
          .drops_old_thinking = true};
}

constexpr ModelInfo thinks_unasked(ModelInfo row, bool always = false) {
  row.thinks_by_default = true;
  row.always_thinks = always;
  return row;
}

constexpr ModelInfo with_output(ModelInfo row, int64_t default_max_output) {
  row.default_max_output = default_max_output;
  return row;
}

constexpr ModelInfo with_effort(ModelInfo row, std::string_view default_effort) {
  row.default_effort = default_effort;
  return row;
}

constexpr ModelInfo keeps_thinking(ModelInfo row) {
  row.drops_old_thinking = false;
  return row;
}

constexpr ModelInfo without_interleaving(ModelInfo row) {
  row.interleaved = false;
  return row;
}

constexpr ModelInfo without_thinking(ModelInfo row) {
  row.thinking = Thinking::kNone;
  row.drops_old_thinking = false;
  return row;
}

// Prices: dollars per million tokens in, out.
constexpr std::array kTable{
    thinks_unasked(adaptive("claude-fable-5", Family::kFable, {10, 50}), /*always=*/true),
    thinks_unasked(adaptive("claude-mythos-5", Family::kUnknown, {10, 50}), /*always=*/true),
    thinks_unasked(adaptive("claude-opus-5", Family::kOpus, {5, 25})),
    adaptive("claude-opus-4-8", Family::kOpus, {5, 25}),
    with_effort(adaptive("claude-opus-4-7", Family::kOpus, {5, 25}), "xhigh"),
    adaptive_4_6("claude-opus-4-6", Family::kOpus, {5, 25}),
    keeps_thinking(budgeted("claude-opus-4-5", Family::kOpus, {5, 25}, k64K)),
    budgeted("claude-opus-4-1", Family::kOpus, {15, 75}, k32K),
    budgeted("claude-opus-4", Family::kOpus, {15, 75}, k32K),
    with_output(thinks_unasked(adaptive("claude-sonnet-5", Family::kSonnet, {2, 10})), k32K),
    with_output(adaptive_4_6("claude-sonnet-4-6", Family::kSonnet, {3, 15}), k32K),
    budgeted("claude-sonnet-4-5", Family::kSonnet, {3, 15}, k64K),
    budgeted("claude-sonnet-4", Family::kSonnet, {3, 15}, k64K),
    without_interleaving(budgeted("claude-haiku-4-5", Family::kHaiku, {1, 5}, k64K)),
    without_thinking(budgeted("claude-3-5-haiku", Family::kHaiku, {0.8, 4}, k8K)),
};

}  // namespace

std::span<const ModelInfo> model_table() { return kTable; }

}  // namespace awl::anthropic
