// Whether a request is served at all: its route, credentials, workspace, and what IAM says.
#pragma once

#include "emulator/authenticate.h"

namespace awl::emulator {

/// Checks in this order: the route exists on the platform, credentials, workspace, outbound web identity
/// federation, IAM. `identity` receives who asked as soon as that is known. Errors: those of authenticate();
/// 404 and 405 for routes and methods that the platform does not have; 403 when IAM denies.
ApiResult<> admit(const Config& config, const net::ServerRequest& request, TimePoint now, Identity& identity);

}  // namespace awl::emulator
