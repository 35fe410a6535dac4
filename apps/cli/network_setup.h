// How a session reaches the provider: authentication, proxies, certificates.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "anthropic/authenticator.h"
#include "base/environment.h"
#include "cli/session_setup.h"
#include "net/curl_client.h"

namespace awl::cli {

/// The way to authenticate that the provider asks for. `http` is what sources of credentials are asked with;
/// it outlives the result.
std::unique_ptr<anthropic::Authenticator> make_authenticator(const Setup& setup, net::HttpClient& http);

/// Proxy, trusted certificates and client certificate, and where each comes from.
struct NetworkSetup {
  net::CurlClientOptions http;
  std::string proxy_source;           ///< the variable's name; empty: no proxy
  std::vector<std::string> ca_files;  ///< what is trusted besides the store
  std::vector<std::string> problems;  ///< sentences for stderr: files that cannot be used, unknown values
};

/// HTTPS_PROXY, HTTP_PROXY (lower case first), NO_PROXY; NODE_EXTRA_CA_CERTS, SSL_CERT_FILE,
/// CLAUDE_CODE_CERT_STORE; CLAUDE_CODE_CLIENT_CERT, _KEY and _KEY_PASSPHRASE. Source: product documentation,
/// "network-config". Errors: kInvalidInput, kUnsupported: a proxy's address, naming its variable.
Result<NetworkSetup> make_network_setup(const Environment& environment);

}  // namespace awl::cli
