#include "anthropic/json_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "anthropic/error_advice.h"
#include "anthropic/hide_credentials.h"
#include "async/timeout.h"
#include "base/utf8.h"

namespace awl::anthropic {

namespace {

constexpr size_t kMaxBodyBytes = 8 << 20;
constexpr size_t kShownBytes = 200;
// Nobody streams here: what takes this long does not come.
constexpr std::chrono::milliseconds kMaxAttempt{60'000};

std::unexpected<AttemptFailure> failed(Error error, bool transient, std::optional<int> status = {},
                                       const net::Headers& headers = {}) {
  return std::unexpected(AttemptFailure{{std::move(error), status, "unknown", request_ids(headers)},
                                        headers,
                                        FailurePoint::kNoAnswer,
                                        transient,
                                        false});
}

}  // namespace

JsonClient::JsonClient(net::HttpClient& http, Authenticator& authenticator, const RetryPolicy& policy,
                       std::function<double()> random)
    : http_(http), authenticator_(authenticator), policy_(policy), random_(std::move(random)) {
  policy_.wait_for_capacity = false;
}

Task<std::expected<json::Value, CallError>> JsonClient::call(const net::HttpRequest& request) {
  RetryPlan plan(policy_, /*has_fallback=*/false);
  for (;;) {
    net::HttpRequest signed_request = request;
    auto authenticated = co_await authenticator_.authenticate(signed_request);
    if (!authenticated) {
      co_return std::unexpected(
          CallError{std::move(authenticated).error(), std::nullopt, "authentication_failed", {}});
    }
    const net::Headers sent_headers = signed_request.headers;
    auto result = co_await attempt(std::move(signed_request));
    if (result) co_return std::move(*result);
    AttemptFailure failure = std::move(result).error();
    hide_credentials(failure.error.error.message, sent_headers);

    // What does not exist has no other form either, as streams have.
    // A 403 here is an action that is not allowed, and no reason to have the person sign in again.
    const bool denied = failure.error.status == 403 && !blames_clock(failure.error.error.message);
    const bool final = failure.error.status == 404 || denied;
    RetryPlan::Step step = final ? RetryPlan::Step::kGiveUp : plan.next(failure, random_());
    if (step == RetryPlan::Step::kRefresh) {
      const auto changed = co_await authenticator_.refresh(sent_headers, failure.headers);
      step = changed && *changed ? RetryPlan::Step::kAtOnce : RetryPlan::Step::kGiveUp;
      if (!changed) add_cause(failure.error.error, changed.error());
    }
    if (step == RetryPlan::Step::kGiveUp) co_return std::unexpected(std::move(failure.error));
    if (step == RetryPlan::Step::kAfterPause) co_await async::sleep_for(plan.pause());
  }
}

Task<std::expected<json::Value, AttemptFailure>> JsonClient::attempt(net::HttpRequest request) {
  request.total_timeout = std::min(policy_.attempt_timeout, kMaxAttempt);
  auto sent = co_await http_.send(std::move(request));
  if (!sent) {
    // A certificate that is refused, or a request that cannot be sent as it is, stays so.
    const bool may_pass =
        sent.error().kind == ErrorKind::kNetwork || sent.error().kind == ErrorKind::kTimeout;
    co_return failed(std::move(sent).error(), may_pass);
  }
  const std::unique_ptr<net::HttpResponse> response = std::move(*sent);
  const net::HttpResponseHead head = response->head();
  auto body = co_await net::read_all(*response, kMaxBodyBytes);
  if (!body) {
    const bool may_pass = body.error().kind != ErrorKind::kInvalidInput;
    co_return failed(std::move(body).error(), may_pass, std::nullopt, head.headers);
  }
  if (head.status != 200) {
    AttemptFailure failure;
    failure.error = parse_error_response(head.status, head.headers, *body);
    failure.headers = head.headers;
    failure.transient = is_retryable(failure.error, head.headers);
    co_return std::unexpected(std::move(failure));
  }
  auto parsed = json::parse(*body);
  if (!parsed || !parsed->is_object()) {
    const std::string text = to_utf8(*body);
    Error error{ErrorKind::kParse,
                fmt::format("the answer is not a JSON object: \"{}\"", utf8_prefix(text, kShownBytes)), "",
                ""};
    co_return failed(std::move(error), false, head.status, head.headers);
  }
  co_return std::move(*parsed);
}

}  // namespace awl::anthropic
