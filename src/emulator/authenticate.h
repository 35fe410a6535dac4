// Who is asking: the credentials and the workspace of a request, really verified.
//
// Sources: AWS General Reference, "Signature Version 4"; platform docs, "Claude Platform on AWS". The live
// service's exact texts are not documented but for a few; these follow AWS's phrases and say more.
#pragma once

#include <string>

#include "base/clock.h"
#include "emulator/api_error.h"
#include "emulator/config.h"
#include "net/http_server.h"

namespace awl::emulator {

struct Identity {
  std::string method;     ///< "sigv4", "api key", "bearer" or "none"
  std::string principal;  ///< the access key id, or "" for keys and tokens that name none
  std::string workspace;
  const Principal* who = nullptr;  ///< nullptr: may do everything (credentials of the command line, or none)
  bool is_temporary = false;       ///< the credentials have a session token
};

/// Verifies a request at the time `now`.
/// Errors: 400 for what is malformed, missing or given twice; 401 for an expired session token or a wrong
/// bearer token; 403 for everything else that is refused.
ApiResult<Identity> authenticate(const Config& config, const net::ServerRequest& request, TimePoint now);

}  // namespace awl::emulator
