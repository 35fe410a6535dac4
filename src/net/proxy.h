// The proxy that requests go through, and the hosts that are reached without it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "net/url.h"

namespace awl::net {

/// An HTTP proxy: plain requests are sent to it whole, for TLS it is asked for a tunnel, and then resolves
/// the name.
struct Proxy {
  std::string url;  ///< scheme://host:port; empty: no proxy
  std::string user;
  Secret password;
  bool has_credentials = false;  ///< sent as Basic, or as what the proxy asks for
  bool empty() const { return url.empty(); }
  /// host:port, for people.
  std::string_view name() const;
};

/// "http://user:password@host:port", user and password percent-encoded. Errors: kInvalidInput, without the
/// password; kUnsupported for SOCKS.
Result<Proxy> parse_proxy(std::string_view text);

/// A NO_PROXY list. Its entries stand between commas or white space: "*"; a host, which covers its subdomains
/// too; ".domain" and "*.domain"; an address, or a network as 10.0.0.0/8. Each may end in ":port". Names are
/// not resolved.
class NoProxy {
 public:
  NoProxy() = default;
  explicit NoProxy(std::string_view list);
  bool covers(const Url& url) const;

 private:
  struct Entry {
    std::string host;  // lower case, without a leading dot; "*" for all
    std::optional<uint16_t> port;
    std::optional<int> prefix_bits;  // of a network
  };
  static bool matches(const Entry& entry, const Url& url);
  std::vector<Entry> entries_;
};

}  // namespace awl::net
