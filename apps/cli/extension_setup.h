// Skills, commands, agents, output styles and plugins of a session.
#pragma once

#include "agent/engine.h"
#include "cli/session_setup.h"

namespace awl::cli {

/// Fills in what of `options` comes from such files. Errors: kInvalidInput, kNotFound: --agents, --agent,
/// --plugin-dir; what is wrong with a file is told on stderr.
Result<> add_extensions(const Setup& setup, const Arguments& arguments, agent::EngineOptions& options);

}  // namespace awl::cli
