// The emulator's own routes under /emulator/: to change faults and to look inside while it runs. The platform
// has nothing like them.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "emulator/config.h"
#include "emulator/fault.h"
#include "emulator/prompt_cache.h"
#include "emulator/rate_limiter.h"
#include "net/http_server.h"

namespace awl::emulator {

/// What changes while it serves.
struct ServiceState {
  FaultPlan faults;
  PromptCache cache;
  RateLimiter limits;
  std::set<std::string> expired_keys;  ///< access key ids that the fault expire-credentials has met
  size_t requests = 0;                 ///< to the platform's routes
};

/// True for targets under /emulator/.
bool is_control_target(std::string_view target);

struct ControlAnswer {
  int status = 200;
  std::string body;  ///< JSON
};

/// GET /emulator/state; POST /emulator/faults {"faults": [...], "seed"?}, DELETE /emulator/faults; POST
/// /emulator/reset. Only for clients on this machine, and not for web pages.
ControlAnswer control(ServiceState& state, const Config& config, const net::ServerRequest& request);

}  // namespace awl::emulator
