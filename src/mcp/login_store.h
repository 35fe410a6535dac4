// What was got by signing in to MCP servers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"
#include "os/file.h"

namespace awl::mcp {

/// Of one server. Holds secrets: it is shown to nobody.
struct Login {
  std::string issuer;
  std::string token_endpoint;
  std::string resource;  ///< RFC 8707; empty: the server names none
  std::string client_id;
  std::string client_secret;
  std::string auth_method;  ///< of the token endpoint: none, client_secret_basic, client_secret_post or
                            ///< private_key_jwt
  std::string key_file;     ///< of that: an absolute path
  std::string key_id;       ///< by which the server knows the key; may be empty
  std::string access_token;
  std::string refresh_token;
  std::string scope;
  std::string wanted_scope;  ///< that the server asked for since; empty: none
  std::string grant;         ///< client_credentials: no person signed in; else empty
  int64_t expires_at = 0;    ///< seconds since the epoch; 0: nobody said
};

/// A file of Awl's own (0600), one JSON object by server URL. What cannot be read is not there.
class LoginStore {
 public:
  explicit LoginStore(os::Path file) : file_(std::move(file)) {}
  std::optional<Login> find(const std::string& url) const;
  Result<> put(const std::string& url, const Login& login) const;
  /// False: there was none.
  Result<bool> remove(const std::string& url) const;

 private:
  os::Path file_;
};

}  // namespace awl::mcp
