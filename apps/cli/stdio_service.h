// A program at the other end of standard input and output: an editor, a client of MCP.
#pragma once

#include <functional>
#include <string_view>

#include "async/task.h"
#include "os/signal_watch.h"

namespace awl::cli {

/// Gives `feed` what comes on standard input, until its end (0) or a signal of `signals` (its number).
Task<int> take_input(os::SignalWatch& signals, std::function<void(std::string_view bytes)> feed);

/// What the process ends with after that.
int exit_code_of(int terminated_by);

}  // namespace awl::cli
