// The options of the engine.
#pragma once

#include <string>

#include "agent/engine.h"
#include "cli/session_setup.h"

namespace awl::cli {

/// `session_id` is a UUID. `setup` and `arguments` outlive the engine.
agent::EngineOptions make_engine_options(const Setup& setup, const Arguments& arguments,
                                         const std::string& session_id);

}  // namespace awl::cli
