// Model calls beside the conversation: what tools::SideModel promises, over the Messages API.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "agent/usage_ledger.h"
#include "anthropic/client.h"
#include "anthropic/provider.h"
#include "anthropic/request_builder.h"
#include "tools/side_model.h"

namespace awl::agent {

/// What side calls are made of; what is referred to outlives the side model.
struct SideModelContext {
  anthropic::MessagesClient& client;
  const anthropic::Provider& provider;
  UsageLedger& ledger;
  anthropic::RequestSettings small;        ///< of the small, fast model
  const anthropic::RequestSettings& main;  ///< of the session's model, as it is now: a refusal may change it
  double max_budget_usd = 0;               ///< for the whole session; 0: no limit
  /// Requests to a model that a question names; not set: the small one answers.
  std::function<anthropic::RequestSettings(const std::string& model)> for_model = {};
};

/// Its calls appear in no conversation and emit no events. They carry what those of the session carry, but no
/// cache markers (no question is asked twice) and as little thinking as the model allows. An answer that the
/// platform pauses in the middle of its own tools is continued; one that breaks off is asked for once more.
/// Errors: kApi, kNetwork, … as the call failed; kInvalidInput (a question without content);
/// kPermissionDenied (the session's budget is used up; nothing is sent).
std::unique_ptr<tools::SideModel> make_side_model(SideModelContext context);

}  // namespace awl::agent
