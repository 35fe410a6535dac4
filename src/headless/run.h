// A headless run: one client of the engine like any other face.
#pragma once

#include <chrono>
#include <optional>

#include "agent/engine.h"
#include "async/task.h"
#include "headless/output.h"
#include "protocol/host.h"

namespace awl::headless {

/// Answers every question with no: there is nobody to ask.
std::unique_ptr<protocol::Host> make_headless_host();

/// Drives `engine` to its end and passes its events to `output`. The exit code: 0 when the last result is no
/// error, else 1. Ends the run early when `out` takes nothing any more. With `idle_limit` it ends the input
/// when no message is being answered for so long.
Task<int> run(agent::Engine& engine, Output& output, const ByteSink& out,
              std::optional<std::chrono::milliseconds> idle_limit = std::nullopt);

}  // namespace awl::headless
