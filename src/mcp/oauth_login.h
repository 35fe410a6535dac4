// Signing in to an MCP server, with a browser.
#pragma once

#include <functional>
#include <string>

#include "async/task.h"
#include "base/clock.h"
#include "mcp/login_store.h"
#include "mcp/oauth_discovery.h"
#include "net/http.h"

namespace awl::mcp {

struct LoginOptions {
  std::string server_url;
  OauthConfig oauth;                   ///< of the server's configuration
  std::string client_secret;           ///< MCP_CLIENT_SECRET; empty: none
  std::string wanted_scope;            ///< that the server asked for with a 403; empty: none
  std::chrono::seconds patience{300};  ///< for the person
  /// Shows the address, and opens a browser with it.
  std::function<Task<>(std::string url)> open_browser;
  Clock clock;
};

/// Finds out where, registers if need be, lets the person agree in their browser, whose answer comes to a
/// port of this machine, and gets the tokens. Errors: kUnsupported (the server wants no login, or registers
/// nobody), kCredentials (refused), kTimeout, those of discover_auth_server() and request_token().
Task<Result<Login>> log_in(net::HttpClient& http, LoginOptions options);

}  // namespace awl::mcp
