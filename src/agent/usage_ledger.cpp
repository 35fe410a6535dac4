#include "agent/usage_ledger.h"

namespace awl::agent {

void UsageLedger::add(const anthropic::ModelChoice& model, const anthropic::TokenUsage& tokens,
                      std::chrono::milliseconds duration) {
  const double cost = anthropic::cost_usd(tokens, model.info.pricing);
  protocol::ModelUsage& usage = by_model_[model.id];
  usage.tokens += tokens;
  usage.cost_usd += cost;
  usage.context_window = model.long_context ? 1'000'000 : model.info.context_window;
  usage.max_output_tokens = model.info.default_max_output;
  total_cost_usd_ += cost;
  api_duration_ += duration;
}

}  // namespace awl::agent
