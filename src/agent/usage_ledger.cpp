#include "agent/usage_ledger.h"

namespace awl::agent {

double UsageLedger::add(const anthropic::ModelChoice& model, const anthropic::TokenUsage& tokens,
                        std::chrono::milliseconds duration) {
  anthropic::TokenUsage paid = tokens;
  // Older models know no such inference, and it is not charged for.
  paid.us_only =
      (tokens.us_only || model.us_only) && (model.info.has_inference_geo || !model.info.is_known());
  const double cost = anthropic::cost_usd(paid, model.info.pricing);
  protocol::ModelUsage& usage = by_model_[model.id];
  usage.tokens += tokens;
  usage.cost_usd += cost;
  usage.cost_is_guess = !model.info.is_known();
  usage.context_window = model.context_window;
  usage.max_output_tokens = model.info.default_max_output;
  total_cost_usd_ += cost;
  api_duration_ += duration;
  return cost;
}

}  // namespace awl::agent
