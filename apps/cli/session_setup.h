// Puts a session together from the command line, the environment and the settings files.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "agent/auto_mode.h"
#include "agent/system_prompt.h"
#include "anthropic/model_policy.h"
#include "anthropic/models.h"
#include "anthropic/provider.h"
#include "anthropic/rejected_feature.h"
#include "anthropic/request_extras.h"
#include "base/environment.h"
#include "cli/arguments.h"
#include "config/settings.h"
#include "os/path.h"
#include "permission/policy.h"
#include "telemetry/settings.h"

namespace awl::cli {

/// What everything else is derived from.
struct Setup {
  config::Locations locations;
  config::Settings settings;
  bool trusted = false;
  std::chrono::milliseconds policy_refresh{0};  ///< how often policyHelper is asked again; 0: never
  Environment shell;                            ///< what the person started with
  Environment environment;                      ///< with the settings' env over it
  /// The same for what authenticates model calls: AWL_MODEL_AWS_PROFILE or modelAwsProfile stands as
  /// AWS_PROFILE.
  Environment model_environment;
  std::string model_profile_source;  ///< which of the two; empty: neither is set
  anthropic::Provider provider;
  anthropic::Platform platform = anthropic::Platform::kAnthropicApi;
  anthropic::RequestExtras extras;
  anthropic::Features left_out;         ///< what the upstream turned out not to know
  std::optional<Error> request_error;   ///< why nothing can be sent, apart from the provider's own reasons
  anthropic::ModelList listed_models;   ///< what the platform offers; empty unless a fresh list is kept
  anthropic::ModelPolicy model_policy;  ///< of the settings
  anthropic::ModelChoice model;
  std::vector<anthropic::ModelChoice> fallback_models;
  anthropic::ModelChoice small_model;  ///< of calls beside the conversation
  permission::Mode mode = permission::Mode::kDefault;
  agent::AutoModeOptions auto_mode;
  permission::Rules rules;
  agent::SystemPromptOptions system_prompt;
  telemetry::Settings telemetry;
  int max_turns = 0;                  ///< 0: no limit
  std::vector<std::string> problems;  ///< sentences for stderr: what was ignored or held back
};

/// Errors: kInvalidInput, for what the command line says; broken settings files are problems instead.
Result<Setup> make_setup(const Arguments& arguments, const Environment& shell, const os::Path& cwd);

}  // namespace awl::cli
