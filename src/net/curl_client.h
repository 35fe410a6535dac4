// The HTTP client of the project: libcurl on a thread of its own, its answers posted to the loop.
#pragma once

#include <memory>
#include <string>

#include "async/task.h"
#include "base/secret.h"
#include "net/http.h"

namespace awl::net {

/// Nothing is read from the process's environment: proxies come from here alone.
struct CurlClientOptions {
  std::string http_proxy;  ///< for http URLs, as in http_proxy: scheme://user:password@host:port; empty: none
  std::string https_proxy;    ///< for https URLs
  std::string no_proxy;       ///< hosts that are reached directly, separated by commas; "*" for all
  std::string extra_ca_file;  ///< PEM certificates that are trusted besides the system's; empty: none
  std::string client_certificate_file;  ///< PEM; empty: none
  std::string client_key_file;          ///< PEM; empty: the certificate's file
  Secret client_key_passphrase;
  size_t max_buffered_bytes = 256 << 10;  ///< per response, received and not yet read; then the sender waits
};

class CurlClient : public HttpClient {
 public:
  /// Begins to load libcurl on the client's thread, so that it overlaps what the caller does next. Otherwise
  /// the first send() begins it.
  virtual void warm_up() = 0;
};

/// libcurl is loaded at run time. When that fails, each send() fails with kNetwork and names the package to
/// install. `loop` must outlive the client; destroying the client ends its transfers and joins its thread.
std::unique_ptr<CurlClient> make_curl_client(Executor loop, CurlClientOptions options);

}  // namespace awl::net
