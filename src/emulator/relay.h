// Passes requests on to another server that speaks the Messages API, and its answers back as they come.
#pragma once

#include <string>

#include "base/secret.h"
#include "emulator/api_error.h"
#include "net/http_server.h"

namespace awl::emulator {

struct Upstream {
  std::string url;  ///< without the path of a route: https://host, http://127.0.0.1:8080/prefix
  Secret api_key;   ///< sent as x-api-key; empty: none
  Secret bearer;    ///< sent as a bearer token; empty: none
};

/// Errors: kInvalidInput for a URL that cannot be used.
Result<> check_upstream(const Upstream& upstream);

/// What goes upstream: everything but the client's credentials, the workspace, and what belongs to one
/// connection.
net::Headers upstream_headers(const Upstream& upstream, const net::Headers& received);
/// What comes back: everything but what belongs to one connection; the upstream's request-id as
/// x-upstream-request-id.
net::Headers downstream_headers(const net::Headers& received, const net::Headers& own);

/// Sends `request` on and answers with what comes back, piece by piece. `own` are the headers that every
/// response of ours carries. Errors: 502 when nothing has been answered yet; later the connection is closed.
Task<ApiResult<int>> relay(net::HttpClient& client, const Upstream& upstream,
                           const net::ServerRequest& request, net::Headers own,
                           net::ResponseWriter& response);

}  // namespace awl::emulator
