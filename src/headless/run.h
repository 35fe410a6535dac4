// A headless run: one client of the engine like any other face.
#pragma once

#include "agent/engine.h"
#include "async/task.h"
#include "headless/output.h"
#include "protocol/host.h"

namespace awl::headless {

/// Answers every question with no: there is nobody to ask.
std::unique_ptr<protocol::Host> make_headless_host();

/// Drives `engine` to its end and passes its events to `output`. The exit code: 0 when the last result is no
/// error, else 1. Ends the run early when the reader of `out` goes away.
Task<int> run(agent::Engine& engine, Output& output, const ByteSink& out);

}  // namespace awl::headless
