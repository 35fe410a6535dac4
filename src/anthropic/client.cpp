#include "anthropic/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "async/timeout.h"
#include "base/strings.h"
#include "net/sse.h"

namespace awl::anthropic {

namespace {

constexpr size_t kMaxErrorBodyBytes = 64 << 10;
constexpr int kOverloadRetries = 2;  // of an overloaded model that another one can stand in for

CallError call_error(Error error, std::string category, RequestIds ids = {}) {
  return {std::move(error), std::nullopt, std::move(category), std::move(ids)};
}

// Services repeat what they were sent, a canonical request for instance.
void hide_credentials(std::string& message, const net::Headers& headers) {
  for (const char* name : {"authorization", "x-api-key", "x-amz-security-token"}) {
    const std::string* value = net::find_header(headers, name);
    if (value == nullptr) continue;
    std::string_view secret = *value;
    if (secret.starts_with("Bearer ")) secret.remove_prefix(7);
    if (!secret.empty()) message = replace_all(std::move(message), secret, "[redacted]");
  }
}

// Of an answer that broke off, text and tool calls are kept; thinking alone is thought again.
bool is_worth_keeping(const std::vector<ContentBlock>& blocks) {
  return std::any_of(blocks.begin(), blocks.end(),
                     [](const ContentBlock& block) { return block.type == "text" || block.is_tool_use(); });
}

// What a broken stream means depends on how far it came.
class StreamReader {
 public:
  explicit StreamReader(CallObserver& observer) : observer_(observer) {}

  void feed(std::string_view bytes) {
    if (first_bytes_.size() < kFirstBytes) first_bytes_ += bytes.substr(0, kFirstBytes - first_bytes_.size());
    const auto fed = parser_.feed(bytes, [this](const net::SseEvent& event) { on_event(event.data); });
    if (!fed && !error_) error_ = fed.error();
  }

  bool done() const { return assembler_.finished() || error_.has_value(); }
  const std::optional<Error>& error() const { return error_; }
  const MessageAssembler& assembler() const { return assembler_; }
  std::vector<ContentBlock>& blocks() { return blocks_; }
  const std::string& first_bytes() const { return first_bytes_; }

 private:
  static constexpr size_t kFirstBytes = 200;

  void on_event(std::string_view data) {
    if (error_) return;
    auto event = parse_stream_event(data);
    if (!event) {
      error_ = event.error();
      return;
    }
    auto block = assembler_.take(std::move(*event));
    if (!block) {
      error_ = block.error();
      return;
    }
    observer_.on_stream_event(data);
    if (!*block) return;
    blocks_.push_back(std::move(**block));
    observer_.on_block(blocks_.back(), assembler_);
  }

  CallObserver& observer_;
  net::SseParser parser_;
  MessageAssembler assembler_;
  std::vector<ContentBlock> blocks_;
  std::optional<Error> error_;
  std::string first_bytes_;
};

}  // namespace

MessagesClient::MessagesClient(net::HttpClient& http, Authenticator& authenticator, const RetryPolicy& policy,
                               std::function<double()> random)
    : http_(http), authenticator_(authenticator), policy_(policy), random_(std::move(random)) {}

Task<std::expected<ModelAnswer, CallError>> MessagesClient::call(const net::HttpRequest& request,
                                                                 CallObserver& observer,
                                                                 CallOptions options) {
  bool refreshed = false;
  for (int retry = 1;; ++retry) {
    net::HttpRequest signed_request = request;
    auto authenticated = co_await authenticator_.authenticate(signed_request);
    if (!authenticated)
      co_return std::unexpected(call_error(std::move(authenticated).error(), "authentication_failed"));

    auto result = co_await attempt(signed_request, observer);
    if (result) co_return std::move(*result);
    Failure failure = std::move(result).error();
    hide_credentials(failure.error.error.message, signed_request.headers);

    if ((failure.error.status == 401 || failure.error.status == 403) && !refreshed) {
      refreshed = true;
      const bool changed = co_await authenticator_.refresh();
      if (changed) continue;
    }
    const bool give_way =
        options.has_fallback && failure.error.category == "overloaded" && retry > kOverloadRetries;
    if (!failure.retryable || retry > policy_.max_retries || give_way)
      co_return std::unexpected(std::move(failure.error));
    const auto delay = retry_delay(policy_, retry, failure.headers, random_());
    if (!delay) {
      failure.error.error.hint =
          "The server asks for a longer pause than this run waits for; try again later.";
      co_return std::unexpected(std::move(failure.error));
    }
    observer.on_retry({retry, policy_.max_retries, *delay, std::move(failure.error)});
    co_await async::sleep_for(*delay);
  }
}

Task<MessagesClient::Attempt> MessagesClient::attempt(const net::HttpRequest& request,
                                                      CallObserver& observer) {
  net::HttpRequest copy = request;
  copy.total_timeout = std::chrono::milliseconds::zero();  // streams may be long; silence is what is limited
  auto sent = co_await async::with_timeout(http_.send(std::move(copy)), policy_.attempt_timeout);
  if (!sent) {
    Error error{ErrorKind::kTimeout, fmt::format("no answer within {} ms", policy_.attempt_timeout.count()),
                "API_TIMEOUT_MS sets the limit.", ""};
    co_return std::unexpected(Failure{call_error(std::move(error), "unknown"), {}, true});
  }
  if (!*sent) {
    // A certificate that is refused, or a request that cannot be sent as it is, stays so.
    const bool may_pass =
        (*sent).error().kind == ErrorKind::kNetwork || (*sent).error().kind == ErrorKind::kTimeout;
    co_return std::unexpected(Failure{call_error(std::move(*sent).error(), "unknown"), {}, may_pass});
  }
  const std::unique_ptr<net::HttpResponse> response = std::move(**sent);
  if (response->head().status != 200) co_return co_await read_error(*response);
  co_return co_await read_stream(*response, observer);
}

Task<MessagesClient::Attempt> MessagesClient::read_error(net::HttpResponse& response) {
  const int status = response.head().status;
  auto body = co_await async::with_timeout(net::read_all(response, kMaxErrorBodyBytes), policy_.idle_timeout);
  const std::string text = body && *body ? std::move(**body) : "";
  Failure failure{parse_error_response(status, response.head().headers, text), response.head().headers,
                  false};
  failure.retryable = is_retryable(status, failure.headers);
  co_return std::unexpected(std::move(failure));
}

Task<MessagesClient::Attempt> MessagesClient::read_stream(net::HttpResponse& response,
                                                          CallObserver& observer) {
  StreamReader reader(observer);
  std::optional<Error> broken;
  while (!reader.done()) {
    auto chunk = co_await async::with_timeout(response.read(), policy_.idle_timeout);
    if (!chunk) {
      broken = Error{ErrorKind::kTimeout,
                     fmt::format("the stream was silent for {} ms", policy_.idle_timeout.count()), "", ""};
    } else if (!*chunk) {
      broken = std::move(*chunk).error();
    } else if (!**chunk) {
      break;  // end of the body
    } else {
      reader.feed(***chunk);
      continue;
    }
    break;
  }
  const MessageAssembler& assembler = reader.assembler();
  if (!broken && reader.error()) broken = reader.error();
  // Some gateways end the body right after the stop reason.
  const bool complete = !broken && (assembler.finished() || !assembler.stop_reason().empty());
  if (!complete && !broken) {
    const bool nothing = !assembler.started();
    broken = Error{ErrorKind::kNetwork,
                   nothing ? fmt::format("the answer is not an event stream: \"{}\"", reader.first_bytes())
                           : "the stream ended in mid-answer",
                   "", ""};
  }
  const RequestIds ids = request_ids(response.head().headers);
  if (!complete && !is_worth_keeping(reader.blocks())) {
    const std::string category =
        assembler.error_type().empty() ? "unknown" : category_of(0, assembler.error_type());
    co_return std::unexpected(
        Failure{call_error(std::move(*broken), category, ids), response.head().headers, true});
  }
  ModelAnswer answer{assembler.message_id(),
                     assembler.model(),
                     std::move(reader.blocks()),
                     assembler.stop_reason(),
                     assembler.usage(),
                     ids,
                     !complete,
                     ""};
  if (broken) answer.cut_reason = broken->message;
  co_return answer;
}

}  // namespace awl::anthropic
