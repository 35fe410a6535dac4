// One file of a server that somebody named.
#pragma once

#include <chrono>
#include <string>

#include "net/http.h"

namespace awl::net {

struct DownloadOptions {
  std::string user_agent;
  size_t max_bytes = 256 << 20;
  std::chrono::milliseconds limit{300'000};  ///< of the whole, with all redirects
  int max_redirects = 5;
  /// https to public addresses alone; else https to anywhere, and http on this machine.
  bool is_public = false;
};

/// Errors: kInvalidInput (an address that may not be asked, also in a redirect; too large), kPermissionDenied
/// (an address out of reach), kNotFound (any status but 200), kTimeout, those of HttpClient.
Task<Result<std::string>> download(HttpClient& http, std::string url, DownloadOptions options);

}  // namespace awl::net
