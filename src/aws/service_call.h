// One small request to a service of AWS: STS, SSO, the metadata of a machine or a container.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "async/task.h"
#include "base/error.h"
#include "net/http.h"

namespace awl::aws {

struct ServiceReply {
  int status = 0;
  net::Headers headers;
  std::string body;

  bool ok() const { return status >= 200 && status < 300; }
};

struct CallLimits {
  int attempts = 3;
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds attempt_timeout{15'000};  ///< for one attempt, its body included
  std::chrono::milliseconds first_pause{100};         ///< before the second attempt; doubled each time
  size_t max_body_bytes = 1 << 20;
};

/// Sends what `make_request` gives, anew for each attempt (a signature has a date). No answer, 429 and 5xx
/// are tried again; every other answer is the caller's to judge. Errors: kNetwork, kTimeout, kTls, naming
/// `what` ("STS in eu-west-1").
Task<Result<ServiceReply>> call_service(net::HttpClient& http, std::function<net::HttpRequest()> make_request,
                                        std::string what, CallLimits limits);

}  // namespace awl::aws
