#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace awl::net {

/// An absolute http or https URL, taken apart without changing a byte of path and query.
struct Url {
  std::string scheme;  ///< lower case
  std::string host;    ///< lower case, without the brackets of an IPv6 address
  uint16_t port = 0;   ///< never 0: the scheme's default when none is given
  std::string path;    ///< begins with "/"
  std::string query;   ///< without "?"
  bool has_default_port() const { return port == (scheme == "https" ? 443 : 80); }
  /// Host as it goes into the Host header: brackets round IPv6, the port when it is not the default.
  std::string authority() const;
  /// path, and "?query" when there is one
  std::string target() const;
  std::string to_string() const;
};

/// Errors: kInvalidInput with what is wrong: scheme, user info, a control character, host, port.
Result<Url> parse_url(std::string_view text);

}  // namespace awl::net
