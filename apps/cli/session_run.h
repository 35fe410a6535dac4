// Runs a headless session to its end, whatever ends it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <optional>

#include "agent/engine.h"
#include "headless/control_desk.h"
#include "headless/output.h"
#include "headless/progress_output.h"
#include "os/signal_watch.h"

namespace awl::cli {

struct SessionParts {
  agent::Engine& engine;
  headless::Output& output;
  headless::ByteSink& out;
  os::SignalWatch& signals;                      ///< not started yet
  headless::ProgressOutput* progress = nullptr;  ///< drawn while the session runs
  headless::ControlDesk* desk = nullptr;         ///< messages come on standard input, and what it answers
  std::optional<std::chrono::milliseconds> idle_limit;
};

/// SIGINT ends the turn, which then has its result; messages that wait for theirs are dropped; a second one
/// ends the process soon. SIGTERM, SIGHUP and SIGQUIT end everything without a result. Gives the exit code: 0
/// or 1 by the last result, 128 and the signal's number when a signal ended the run.
int run_session(boost::asio::io_context& io, SessionParts parts);

}  // namespace awl::cli
