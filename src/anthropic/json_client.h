// Calls to the platform that are answered with one JSON document: lists of models, counts of tokens.
#pragma once

#include <expected>
#include <functional>

#include "anthropic/api_error.h"
#include "anthropic/authenticator.h"
#include "anthropic/retry_plan.h"
#include "json/json.h"
#include "net/http.h"

namespace awl::anthropic {

class JsonClient {
 public:
  /// `http` and `authenticator` outlive it. `random` gives numbers in [0,1) for jitter.
  JsonClient(net::HttpClient& http, Authenticator& authenticator, const RetryPolicy& policy,
             std::function<double()> random);

  /// `request` is complete but for authentication, which is made anew for each attempt. Retried like a
  /// conversation's calls, but that nobody waits for capacity without end. Errors: as they were answered;
  /// category "unknown" for an answer that is no JSON object or larger than 8 MiB.
  Task<std::expected<json::Value, CallError>> call(const net::HttpRequest& request);

 private:
  Task<std::expected<json::Value, AttemptFailure>> attempt(net::HttpRequest request);

  net::HttpClient& http_;
  Authenticator& authenticator_;
  RetryPolicy policy_;
  std::function<double()> random_;
};

}  // namespace awl::anthropic
