// Which models a person may use, by the settings availableModels, enforceAvailableModels and modelOverrides.
// Source: product documentation, "model-config", "Restrict model selection".
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "anthropic/models.h"

namespace awl::anthropic {

struct ModelPolicy {
  /// Families ("sonnet"), starts of ids ("claude-sonnet-4-5") and whole ids; not set: every model. One that
  /// names a model of a family takes the family's own entry out of force.
  std::optional<std::vector<std::string>> available;
  bool enforce_default = false;                  ///< the model that nobody chose must be one of them too
  std::map<std::string, std::string> overrides;  ///< model id → what goes on the wire

  bool permits(const ModelChoice& choice) const;
};

/// choose_model() within the policy: a family's alias stands for the newest version that is permitted;
/// another model that is not gives way to the default one. `notice`: a sentence about what was put in its
/// place; empty: nothing was.
ModelChoice choose_permitted_model(const ModelPolicy& policy, const ModelWishes& wishes,
                                   const Environment& environment, Platform platform, bool plan_mode,
                                   const ModelList& listed, std::string& notice);

}  // namespace awl::anthropic
