// The built-in model table. Sources: platform documentation, "Models overview" and "Pricing" (August 2026).
#include <array>

#include "anthropic/models.h"

namespace awl::anthropic {

namespace {

constexpr int64_t k200K = 200'000;
constexpr int64_t k1M = 1'000'000;

// id, family, {input $, output $}, window, default output, output limit, thinking, read before edit
constexpr std::array kTable{
    ModelInfo{"claude-fable-5", Family::kFable, {10, 50}, k1M, 64'000, 128'000, Thinking::kAdaptive, false},
    ModelInfo{"claude-opus-5", Family::kOpus, {5, 25}, k1M, 64'000, 128'000, Thinking::kAdaptive, false},
    ModelInfo{"claude-opus-4-8", Family::kOpus, {5, 25}, k200K, 64'000, 128'000, Thinking::kAdaptive, false},
    ModelInfo{"claude-opus-4-7", Family::kOpus, {5, 25}, k200K, 64'000, 128'000, Thinking::kAdaptive, false},
    ModelInfo{"claude-opus-4-6", Family::kOpus, {5, 25}, k200K, 64'000, 128'000, Thinking::kAdaptive, true},
    ModelInfo{"claude-opus-4-5", Family::kOpus, {5, 25}, k200K, 32'000, 64'000, Thinking::kBudget, true},
    ModelInfo{"claude-opus-4-1", Family::kOpus, {15, 75}, k200K, 32'000, 32'000, Thinking::kBudget, true},
    ModelInfo{"claude-opus-4", Family::kOpus, {15, 75}, k200K, 32'000, 32'000, Thinking::kBudget, true},
    ModelInfo{"claude-sonnet-5", Family::kSonnet, {2, 10}, k1M, 32'000, 128'000, Thinking::kAdaptive, false},
    ModelInfo{
        "claude-sonnet-4-6", Family::kSonnet, {3, 15}, k200K, 32'000, 128'000, Thinking::kAdaptive, true},
    ModelInfo{"claude-sonnet-4-5", Family::kSonnet, {3, 15}, k200K, 32'000, 64'000, Thinking::kBudget, true},
    ModelInfo{"claude-sonnet-4", Family::kSonnet, {3, 15}, k200K, 32'000, 64'000, Thinking::kBudget, true},
    ModelInfo{"claude-haiku-4-5", Family::kHaiku, {1, 5}, k200K, 32'000, 64'000, Thinking::kBudget, true},
    ModelInfo{"claude-3-5-haiku", Family::kHaiku, {0.8, 4}, k200K, 8'192, 8'192, Thinking::kNone, true},
};

}  // namespace

std::span<const ModelInfo> model_table() { return kTable; }

}  // namespace awl::anthropic
