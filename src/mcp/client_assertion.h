// How a client with a private key proves who it is at a token endpoint. Source: RFC 7523, sections 2.2 and 3.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "mcp/login_store.h"
#include "mcp/oauth_discovery.h"

namespace awl::mcp {

constexpr std::string_view kPrivateKeyMethod = "private_key_jwt";

/// Whether the key of `login` can be used at the server. Errors: kNotFound, kIo, kInvalidInput: of the file,
/// naming it; kUnsupported: the server takes no signatures of its kind.
Result<> check_client_key(const Login& login, const AuthServer& server);

/// "client_assertion_type=…&client_assertion=…": a token of five minutes for the issuer, signed with the key
/// of `login`. Errors: as above.
Result<std::string> assertion_form(const Login& login, TimePoint now);

}  // namespace awl::mcp
