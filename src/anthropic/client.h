// Asks the model: one call, with its retries, from request to finished answer.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "anthropic/authenticator.h"
#include "anthropic/model_answer.h"
#include "anthropic/retry_plan.h"
#include "net/http.h"

namespace awl::anthropic {

struct CallOptions {
  /// Another model stands by: an overloaded one is given up after three attempts.
  bool has_fallback = false;
};

/// Sends Messages API requests. One per session; calls may run concurrently.
class MessagesClient {
 public:
  /// `http` and `authenticator` outlive the client. `random` gives numbers in [0,1) for jitter.
  MessagesClient(net::HttpClient& http, Authenticator& authenticator, const RetryPolicy& policy,
                 std::function<double()> random);

  /// `request` asks for a stream and is complete but for authentication, which is made anew for each attempt.
  /// No block that was told to the observer as part of a text or a tool call is asked for again: an answer
  /// that broke off after one is returned as it is.
  Task<std::expected<ModelAnswer, CallError>> call(const net::HttpRequest& request, CallObserver& observer,
                                                   CallOptions options = {});

 private:
  using Attempt = std::expected<ModelAnswer, AttemptFailure>;
  Task<Attempt> attempt(net::HttpRequest request, CallObserver& observer, bool streaming);
  Task<Attempt> read_error(net::HttpResponse& response);
  Task<Attempt> read_stream(net::HttpResponse& response, CallObserver& observer);
  Task<Attempt> read_whole(net::HttpResponse& response, CallObserver& observer);
  Task<std::optional<Result<std::optional<std::string>>>> read_within(
      net::HttpResponse& response, std::optional<StreamWatch::TimePoint> deadline);

  net::HttpClient& http_;
  Authenticator& authenticator_;
  RetryPolicy policy_;
  std::function<double()> random_;
};

}  // namespace awl::anthropic
