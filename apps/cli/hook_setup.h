// The hooks of a session, from the settings files.
#pragma once

#include "agent/session_hooks.h"
#include "cli/session_setup.h"

namespace awl::cli {

/// Those that may run. What is wrong with them is told on stderr.
agent::HookSettings make_hook_settings(const Setup& setup);

}  // namespace awl::cli
