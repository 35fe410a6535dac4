// The HTTP client of the project: libcurl on a thread of its own, its answers posted to the loop.
#pragma once

#include <memory>
#include <string>

#include "async/task.h"
#include "net/client_identity.h"
#include "net/http.h"
#include "net/proxy.h"

namespace awl::net {

/// Nothing is read from the process's environment: proxies come from here alone.
struct CurlClientOptions {
  Proxy proxy;  ///< for every URL
  NoProxy no_proxy;
  std::string extra_ca_pem;  ///< certificates that are trusted besides the store's; empty: none
  std::string ca_store_pem;  ///< the store, instead of the system's; empty: the system's
  ClientIdentityFiles identity;
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
