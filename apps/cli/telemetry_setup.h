// OpenTelemetry of a session; nothing is made, and nothing sent, unless it was asked for.
#pragma once

#include <memory>

#include "agent/engine.h"
#include "cli/session_files.h"
#include "cli/session_setup.h"
#include "net/http.h"

namespace awl::cli {

class SessionReport {
 public:
  virtual ~SessionReport() = default;
};

/// Makes the engine tell what happens; nullptr: nobody wants to know. `http` and what is returned outlive the
/// engine.
std::unique_ptr<SessionReport> report_session(const Executor& executor, net::HttpClient& http,
                                              const Setup& setup, const Arguments& arguments,
                                              const ChosenSession& chosen, agent::EngineOptions& options);

}  // namespace awl::cli
