// Models of a session and what its requests carry.
#pragma once

#include <string>
#include <vector>

#include "anthropic/request_builder.h"
#include "cli/session_setup.h"

namespace awl::cli {

/// The models of --fallback-model or the settings: at most three, each once, and never the session's own.
std::vector<anthropic::ModelChoice> choose_fallbacks(const Setup& setup, const Arguments& arguments,
                                                     anthropic::Platform platform);

/// What the requests to `model` carry.
anthropic::RequestSettings make_request_settings(const Setup& setup, const Arguments& arguments,
                                                 const anthropic::ModelChoice& model,
                                                 const std::string& session_id);

}  // namespace awl::cli
