#pragma once

#include <chrono>
#include <map>
#include <string>

#include "anthropic/models.h"
#include "protocol/event.h"

namespace awl::agent {

/// Adds up what the model calls of a session used and cost.
class UsageLedger {
 public:
  /// Gives what the call cost, in US dollars.
  double add(const anthropic::ModelChoice& model, const anthropic::TokenUsage& tokens,
             std::chrono::milliseconds duration);

  const std::map<std::string, protocol::ModelUsage>& by_model() const { return by_model_; }
  double total_cost_usd() const { return total_cost_usd_; }
  std::chrono::milliseconds api_duration() const { return api_duration_; }

 private:
  std::map<std::string, protocol::ModelUsage> by_model_;
  double total_cost_usd_ = 0;
  std::chrono::milliseconds api_duration_{};
};

}  // namespace awl::agent
