// Where one signs in to an MCP server. Source: modelcontextprotocol.io, specification 2025-11-25,
// "Authorization"; RFC 9728 (protected resources), RFC 8414 and OpenID Connect Discovery (authorization
// servers).
#pragma once

#include <string>
#include <vector>

#include "async/task.h"
#include "base/error.h"
#include "mcp/server_config.h"
#include "net/http.h"

namespace awl::mcp {

/// What a 401 or 403 says in its WWW-Authenticate header; empty parts were not there.
struct Challenge {
  std::string resource_metadata;
  std::string scope;
  std::string error;
};
Challenge read_challenge(const net::Headers& headers);

struct AuthServer {
  std::string issuer;
  std::string authorization_endpoint;
  std::string token_endpoint;
  std::string registration_endpoint;                  ///< empty: it registers nobody by itself
  std::vector<std::string> token_auth_methods;        ///< empty: it does not say
  std::vector<std::string> token_signing_algorithms;  ///< of signed assertions there; empty: it does not say
  bool takes_client_metadata = false;  ///< the address of a document may stand for a registration
  bool names_issuer = false;           ///< its answers carry `iss` (RFC 9207)
  std::string resource;                ///< of the MCP server; empty: it describes itself nowhere
  std::string scope;                   ///< that the resource names; empty: none
};

/// Errors: kNetwork; kInvalidInput (a description that does not fit the server, or an address that is neither
/// https nor on this machine), kUnsupported (no PKCE).
Task<Result<AuthServer>> discover_auth_server(net::HttpClient& http, std::string server_url,
                                              Challenge challenge, std::string metadata_url);

/// True for https, and for http on this machine.
bool is_safe_address(const std::string& url);

/// A small JSON object; nullopt: the server has none there. Errors: kNetwork, kParse.
Task<Result<std::optional<json::Value>>> fetch_json(net::HttpClient& http, std::string url);

}  // namespace awl::mcp
