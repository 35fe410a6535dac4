// What libcurl reports, as a sentence.
#pragma once

#include <curl/curl.h>

#include <string>

#include "base/error.h"
#include "net/curl_client.h"
#include "net/http.h"
#include "net/url.h"

namespace awl::net {

struct CurlFailure {
  CURLcode code = CURLE_OK;
  std::string cause;           ///< libcurl's own words
  long os_error = 0;           ///< errno of the failed call, or 0
  bool was_connected = false;  ///< the request could be sent
  long tunnel_status = 0;      ///< the proxy's answer to the wish for a tunnel, or 0
};

/// kTimeout, or kNetwork with host, port and cause.
Error describe_failure(const CurlFailure& failure, const HttpRequest& request, const Url& url,
                       const CurlClientOptions& options);

}  // namespace awl::net
