// Models of a session and what its requests carry.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "anthropic/request_builder.h"
#include "cli/session_setup.h"
#include "cli/state_files.h"

namespace awl::cli {

/// What the environment and the command line add to every request; an error is kept in the set-up, so that it
/// becomes the result of the run.
void choose_extras(Setup& setup, const Arguments& arguments);

/// The session's model, its fallbacks and the small one, and the list of the platform's models that aliases
/// follow while it is fresh.
void choose_models(Setup& setup, const Arguments& arguments);

/// The models of --fallback-model or the settings: at most three, each once, and never the session's own.
std::vector<anthropic::ModelChoice> choose_fallbacks(const Setup& setup, const Arguments& arguments);

/// A model that a subagent, a skill or the driving program names; nullopt: the settings do not allow it.
std::optional<anthropic::ModelChoice> choose_wished_model(const Setup& setup, const std::string& wish);

/// What the requests to `model` carry.
anthropic::RequestSettings make_request_settings(const Setup& setup, const Arguments& arguments,
                                                 const anthropic::ModelChoice& model,
                                                 const std::string& session_id, const std::string& device_id);

}  // namespace awl::cli
