#include "anthropic/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "anthropic/bedrock.h"
#include "anthropic/hide_credentials.h"
#include "anthropic/stream_reader.h"
#include "anthropic/whole_message.h"
#include "async/timeout.h"
#include "base/secret.h"
#include "base/strings.h"

namespace awl::anthropic {

namespace {

using std::chrono::steady_clock;

constexpr size_t kMaxErrorBodyBytes = 64 << 10;
constexpr size_t kMaxWholeAnswerBytes = 64 << 20;
constexpr std::chrono::milliseconds kErrorBodyTimeout{30'000};

std::unexpected<AttemptFailure> no_answer(Error error, bool transient) {
  return std::unexpected(AttemptFailure{
      {std::move(error), std::nullopt, "unknown", {}}, {}, FailurePoint::kNoAnswer, transient, false});
}

bool is_of_type(const net::HttpResponse& response, std::string_view wanted) {
  const std::string* type = net::find_header(response.head().headers, "content-type");
  return type != nullptr && to_lower(*type).starts_with(wanted);
}

bool is_event_stream(const net::HttpResponse& response) {
  return is_of_type(response, "text/event-stream") || is_of_type(response, kBedrockStreamType);
}

bool is_json(const net::HttpResponse& response) { return is_of_type(response, "application/json"); }

// What came instead of Bedrock's own stream has been changed on the way, and cannot be trusted to be whole.
Error not_bedrocks_stream(const net::HttpResponse& response) {
  const std::string* type = net::find_header(response.head().headers, "content-type");
  return {ErrorKind::kApi,
          fmt::format("Bedrock streaming response has content-type \"{}\"; expected \"{}\"",
                      type == nullptr ? "" : *type, kBedrockStreamType),
          "A gateway or proxy changes the answer: it must pass the body and its content type through as they "
          "are.",
          ""};
}

Error stalled_error(std::chrono::milliseconds silence) {
  return {ErrorKind::kTimeout, fmt::format("the stream was silent for {} ms", silence.count()), "", ""};
}

CutCause cause_of(const StreamReader& reader, bool stalled) {
  if (!reader.assembler().error_type().empty()) return CutCause::kServer;
  return stalled ? CutCause::kStalled : CutCause::kConnection;
}

// Errors of the stream that are worth another attempt as they are.
bool is_transient(std::string_view category) {
  return category == "overloaded" || category == "server_error" || category == "rate_limit" ||
         category == "unknown";
}

ModelAnswer take_answer(StreamReader& reader, const RequestIds& ids) {
  const MessageAssembler& assembler = reader.assembler();
  ModelAnswer answer;
  answer.message_id = assembler.message_id();
  answer.model = assembler.model();
  answer.blocks = std::move(reader.blocks());
  answer.stop_reason = assembler.stop_reason();
  answer.stop_details = assembler.stop_details();
  answer.usage = assembler.usage();
  answer.ids = ids;
  return answer;
}

Error describe_break(const StreamReader& reader, const std::optional<Error>& broken) {
  if (broken) return *broken;
  if (reader.error()) return *reader.error();
  if (reader.assembler().started()) return {ErrorKind::kNetwork, "the stream ended in mid-answer", "", ""};
  return {ErrorKind::kNetwork, fmt::format("the answer is not an event stream: \"{}\"", reader.first_bytes()),
          "", ""};
}

AttemptFailure describe_failure(const StreamReader& reader, Error error, bool stalled,
                                const net::Headers& headers) {
  AttemptFailure failure;
  failure.headers = headers;
  failure.stalled = stalled;
  failure.error.ids = request_ids(headers);
  failure.error.category = "unknown";
  failure.point =
      reader.progress() == Progress::kThinking ? FailurePoint::kThinkingDone : FailurePoint::kNothingDone;
  if (const std::string& type = reader.assembler().error_type(); !type.empty()) {
    failure.error.category = is_spend_limit(type, error.message, "") ? "billing_error" : category_of(0, type);
    error.message = fmt::format("API error in the stream: {} ({})", error.message, type);
    if (!reader.assembler().started()) failure.point = FailurePoint::kFirstEvent;
  }
  failure.transient = is_transient(failure.error.category);
  failure.error.error = std::move(error);
  failure.error.error.message = redact(failure.error.error.message) + describe(failure.error.ids);
  return failure;
}

// What an answer that ended amounts to. `broken` says why it ended before its time; empty: it ended by
// itself.
std::expected<ModelAnswer, AttemptFailure> conclude(StreamReader& reader, const std::optional<Error>& broken,
                                                    bool stalled, const net::Headers& headers) {
  reader.end();
  const Progress progress = reader.progress();
  if (progress == Progress::kComplete) return take_answer(reader, request_ids(headers));
  Error error = describe_break(reader, broken);
  if (progress != Progress::kWorthKeeping)
    return std::unexpected(describe_failure(reader, std::move(error), stalled, headers));
  ModelAnswer answer = take_answer(reader, request_ids(headers));
  drop_loose_ends(answer.blocks);
  answer.cut = true;
  answer.cut_cause = cause_of(reader, stalled);
  answer.cut_reason = redact(error.message) + describe(answer.ids);
  return answer;
}

}  // namespace

MessagesClient::MessagesClient(net::HttpClient& http, Authenticator& authenticator, const RetryPolicy& policy,
                               std::function<double()> random)
    : http_(http), authenticator_(authenticator), policy_(policy), random_(std::move(random)) {}

Task<std::expected<ModelAnswer, CallError>> MessagesClient::call(const net::HttpRequest& request,
                                                                 CallObserver& observer,
                                                                 CallOptions options) {
  RetryPlan plan(policy_, options.has_fallback);
  for (;;) {
    const bool streaming = plan.streaming();
    net::HttpRequest signed_request = streaming ? request : as_non_streaming(request);
    auto authenticated = co_await authenticator_.authenticate(signed_request);
    if (!authenticated)
      co_return std::unexpected(
          CallError{std::move(authenticated).error(), std::nullopt, "authentication_failed", {}});

    const net::Headers sent_headers = signed_request.headers;
    auto result = co_await attempt(std::move(signed_request), observer, streaming);
    if (result) {
      hide_credentials(result->cut_reason, sent_headers);
      co_return std::move(*result);
    }
    AttemptFailure failure = std::move(result).error();
    hide_credentials(failure.error.error.message, sent_headers);
    RetryPlan::Step step = plan.next(failure, random_());
    if (step == RetryPlan::Step::kRefresh) {
      const auto changed = co_await authenticator_.refresh(sent_headers, failure.headers);
      step = changed && *changed ? RetryPlan::Step::kAtOnce : RetryPlan::Step::kGiveUp;
      if (!changed) add_cause(failure.error.error, changed.error());
    }
    if (step == RetryPlan::Step::kGiveUp) co_return std::unexpected(std::move(failure.error));
    if (step == RetryPlan::Step::kAtOnce) continue;
    observer.on_retry({plan.attempt(), policy_.max_retries, plan.pause(), std::move(failure.error)});
    co_await async::sleep_for(plan.pause());
  }
}

Task<MessagesClient::Attempt> MessagesClient::attempt(net::HttpRequest request, CallObserver& observer,
                                                      bool streaming) {
  const bool asks_bedrock = streaming && request.url.ends_with(kBedrockStreamPath);
  request.total_timeout =
      std::chrono::milliseconds::zero();  // answers may be long; silence is what is limited
  auto sent = co_await async::with_timeout(http_.send(std::move(request)), policy_.attempt_timeout);
  if (!sent) {
    Error error{ErrorKind::kTimeout, fmt::format("no answer within {} ms", policy_.attempt_timeout.count()),
                "API_TIMEOUT_MS sets the limit.", ""};
    co_return no_answer(std::move(error), true);
  }
  if (!*sent) {
    // A certificate that is refused, or a request that cannot be sent as it is, stays so.
    const bool may_pass =
        (*sent).error().kind == ErrorKind::kNetwork || (*sent).error().kind == ErrorKind::kTimeout;
    co_return no_answer(std::move(*sent).error(), may_pass);
  }
  const std::unique_ptr<net::HttpResponse> response = std::move(**sent);
  if (response->head().status != 200) co_return co_await read_error(*response);
  if (asks_bedrock && !is_of_type(*response, kBedrockStreamType)) {
    AttemptFailure failure;
    failure.headers = response->head().headers;
    failure.error = {not_bedrocks_stream(*response), std::nullopt, "unknown", request_ids(failure.headers)};
    failure.point = FailurePoint::kNoMessage;
    co_return std::unexpected(std::move(failure));
  }
  // Some gateways answer in one form whatever was asked for.
  const bool as_stream = streaming ? !is_json(*response) : is_event_stream(*response);
  if (as_stream) co_return co_await read_stream(*response, observer);
  auto whole = co_await read_whole(*response, observer);
  if (!whole && whole.error().point == FailurePoint::kNoMessage && streaming) {
    whole.error().point = FailurePoint::kNothingDone;
    whole.error().transient = true;
  }
  co_return whole;
}

Task<MessagesClient::Attempt> MessagesClient::read_error(net::HttpResponse& response) {
  const int status = response.head().status;
  auto body = co_await async::with_timeout(net::read_all(response, kMaxErrorBodyBytes), kErrorBodyTimeout);
  const std::string text = body && *body ? std::move(**body) : "";
  AttemptFailure failure;
  failure.headers = response.head().headers;
  failure.error = parse_error_response(status, failure.headers, text);
  failure.transient = is_retryable(failure.error, failure.headers);
  co_return std::unexpected(std::move(failure));
}

// The next piece of a body; nullopt when the deadline passed. A piece that is there already is taken even
// then: the machine may have slept, or been too busy to look.
Task<std::optional<Result<std::optional<std::string>>>> MessagesClient::read_within(
    net::HttpResponse& response, std::optional<StreamWatch::TimePoint> deadline) {
  if (!deadline) {
    auto piece = co_await response.read();
    co_return std::move(piece);
  }
  const auto left = std::max(*deadline - steady_clock::now(), steady_clock::duration::zero());
  auto piece = co_await async::with_timeout(response.read(), left);
  co_return piece;
}

Task<MessagesClient::Attempt> MessagesClient::read_stream(net::HttpResponse& response,
                                                          CallObserver& observer) {
  StreamReader reader(observer);
  StreamWatch watch(policy_.idle, steady_clock::now());
  auto last_piece_at = steady_clock::now();
  std::optional<Error> broken;
  bool stalled = false;
  BedrockStream bedrock;
  const bool is_bedrock = is_of_type(response, kBedrockStreamType);
  while (!reader.done()) {
    auto piece = co_await read_within(response, watch.deadline());
    const auto now = steady_clock::now();
    if (!piece) {
      stalled = true;
      broken = stalled_error(std::chrono::duration_cast<std::chrono::milliseconds>(now - last_piece_at));
      break;
    }
    if (!*piece) {
      broken = std::move(*piece).error();
      break;
    }
    if (!**piece) break;  // the end of the body
    last_piece_at = now;
    bool held_event = false;
    if (is_bedrock) {
      auto fed = bedrock.feed(***piece, reader);
      if (!fed) {
        broken = std::move(fed).error();
        break;
      }
      held_event = *fed;
    } else {
      held_event = reader.feed(***piece);
    }
    watch.on_bytes(now, held_event);
  }
  co_return conclude(reader, broken, stalled, response.head().headers);
}

Task<MessagesClient::Attempt> MessagesClient::read_whole(net::HttpResponse& response,
                                                         CallObserver& observer) {
  std::string body;
  StreamWatch watch(policy_.idle, steady_clock::now());
  for (;;) {
    auto piece = co_await read_within(response, watch.deadline());
    if (!piece) co_return no_answer({ErrorKind::kTimeout, "the answer stopped arriving", "", ""}, true);
    if (!*piece) co_return no_answer(std::move(*piece).error(), true);
    if (!**piece) break;
    watch.on_bytes(steady_clock::now(), true);
    body += ***piece;
    if (body.size() > kMaxWholeAnswerBytes) {
      Error error{ErrorKind::kParse,
                  fmt::format("the answer is larger than {} MB", kMaxWholeAnswerBytes >> 20), "", ""};
      co_return no_answer(std::move(error), false);
    }
  }
  const net::Headers& headers = response.head().headers;
  StreamReader reader(observer);
  const auto events = events_of_message(body);
  if (!events && (body.starts_with("event:") || body.starts_with("data:"))) {
    reader.feed(body);
    co_return conclude(reader, std::nullopt, false, headers);
  }
  if (!events) {
    AttemptFailure failure;
    failure.headers = headers;
    failure.error = {describe_non_message(headers, body), std::nullopt, "unknown", request_ids(headers)};
    failure.error.error.message = redact(failure.error.error.message) + describe(failure.error.ids);
    failure.point = FailurePoint::kNoMessage;
    co_return std::unexpected(std::move(failure));
  }
  for (const std::string& event : *events) reader.feed_event(event);
  co_return conclude(reader, std::nullopt, false, headers);
}

}  // namespace awl::anthropic
