// The options of the engine.
#pragma once

#include <string>

#include "agent/engine.h"
#include "cli/session_setup.h"

namespace awl::cli {

/// What tools' and hooks' children get. `effort` is that of the session's model; empty: it has none.
Environment make_child_environment(const Setup& setup, const std::string& effort);

/// additionalDirectories, links resolved.
std::vector<os::Path> settings_folders(const Setup& setup);

/// `session_id` is a UUID. `setup` and `arguments` outlive the engine.
agent::EngineOptions make_engine_options(const Setup& setup, const Arguments& arguments,
                                         const std::string& session_id);

}  // namespace awl::cli
