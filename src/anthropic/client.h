// Asks the model: one call, with its retries, from request to finished answer.
#pragma once

#include <chrono>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "anthropic/api_error.h"
#include "anthropic/authenticator.h"
#include "anthropic/message_assembler.h"
#include "anthropic/retry.h"
#include "net/http.h"

namespace awl::anthropic {

struct RetryNotice {
  int attempt = 0;  ///< the retry that follows, from 1
  int max_retries = 0;
  std::chrono::milliseconds delay{};
  CallError cause;
};

/// Watches a call. Called on the loop's thread, while the stream is being read.
class CallObserver {
 public:
  virtual ~CallObserver() = default;
  /// Each event of the stream, as it came.
  virtual void on_stream_event(std::string_view event_json) = 0;
  /// Each content block when it is complete. `assembler` knows the message that it belongs to.
  virtual void on_block(const ContentBlock& block, const MessageAssembler& assembler) = 0;
  virtual void on_retry(const RetryNotice& notice) = 0;
};

struct CallOptions {
  /// Another model stands by: an overloaded one is given up after three attempts.
  bool has_fallback = false;
};

struct ModelAnswer {
  std::string message_id;
  std::string model;
  std::vector<ContentBlock> blocks;
  std::string stop_reason;
  TokenUsage usage;
  RequestIds ids;
  bool cut = false;  ///< the stream broke after at least one complete block; those are kept
  std::string cut_reason;
};

/// Sends Messages API requests. One per session; calls may run concurrently.
class MessagesClient {
 public:
  /// `http` and `authenticator` outlive the client. `random` gives numbers in [0,1) for jitter.
  MessagesClient(net::HttpClient& http, Authenticator& authenticator, const RetryPolicy& policy,
                 std::function<double()> random);

  /// `request` is complete but for authentication, which is made anew for each attempt.
  Task<std::expected<ModelAnswer, CallError>> call(const net::HttpRequest& request, CallObserver& observer,
                                                   CallOptions options = {});

 private:
  struct Failure {
    CallError error;
    net::Headers headers;
    bool retryable = false;
  };
  using Attempt = std::expected<ModelAnswer, Failure>;
  Task<Attempt> attempt(const net::HttpRequest& request, CallObserver& observer);
  Task<Attempt> read_error(net::HttpResponse& response);
  Task<Attempt> read_stream(net::HttpResponse& response, CallObserver& observer);

  net::HttpClient& http_;
  Authenticator& authenticator_;
  RetryPolicy policy_;
  std::function<double()> random_;
};

}  // namespace awl::anthropic
