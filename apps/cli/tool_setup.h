// Which tools a session has, from the command line, the environment and the model.
#pragma once

#include "agent/tool_set.h"
#include "cli/arguments.h"
#include "cli/session_setup.h"

namespace awl::cli {

agent::ToolSelection make_tool_selection(const Setup& setup, const Arguments& arguments);

}  // namespace awl::cli
