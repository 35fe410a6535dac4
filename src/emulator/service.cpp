#include "emulator/service.h"
#include "net/http_date.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "async/timeout.h"
#include "base/strings.h"
#include "base/uuid.h"
#include "emulator/admission.h"
#include "emulator/control.h"
#include "emulator/exchange_recorder.h"
#include "emulator/faulty_response.h"
#include "emulator/messages_validator.h"
#include "emulator/models.h"
#include "emulator/platform_routes.h"
#include "emulator/relay.h"
#include "emulator/route.h"
#include "emulator/sse_writer.h"
#include "emulator/token_estimate.h"

namespace awl::emulator {

namespace {

constexpr size_t kMaxBodyBytes = 32 << 20;  // platform docs, "Request size limits"
constexpr std::string_view kOrganization = "00000000-0000-4000-8000-000000000001";
constexpr std::string_view kHtmlPage =
    "<!DOCTYPE html>\n<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1>\n"
    "<p>A proxy could not reach the server.</p></body></html>\n";

/// One request on its way through the service.
struct Exchanged {
  const net::ServerRequest& request;
  Route route;
  std::string request_id;
  net::Headers headers;  ///< those that every response carries
  json::Value body;      ///< null when it is no JSON
  bool has_json = false;
  Identity identity;
  std::string auth = "not checked";
  std::string model;
  CachePlan cache;
  bool is_recorded = false;
};

std::vector<std::string> betas_of(const net::Headers& headers) {
  std::vector<std::string> betas;
  for (const net::Header& header : headers) {
    if (!equals_ignore_case(header.name, "anthropic-beta")) continue;
    for (const std::string_view beta : split(header.value, ',')) betas.emplace_back(trim(beta));
  }
  return betas;
}

ApiResult<> check_emulated(const Route& route, const std::string& method) {
  if (route.kind != Route::Kind::kOther) return {};
  const PlatformRoute* platform = find_platform_route(method, route.path);
  return not_found(fmt::format(
      "{} {} is not emulated: its IAM action is {}:{}. awl emulator serves POST /v1/messages, POST "
      "/v1/messages/count_tokens, GET /v1/models and GET /v1/models/{{id}}.",
      method, route.path, kPlatformService, platform == nullptr ? "unknown" : platform->action));
}

ApiResult<> check_version(const net::Headers& headers) {
  const std::string* version = net::find_header(headers, "anthropic-version");
  if (version == nullptr) return invalid_request("anthropic-version: header is required");
  if (*version == "2023-06-01" || *version == "2023-01-01") return {};
  return invalid_request(fmt::format("anthropic-version: \"{}\" is not a valid version", *version));
}

/// The fault of a scenario's step; cut_after_events is about streams alone.
std::optional<Fault> fault_of(const Step& step, bool is_stream) {
  if (step.fault) return step.fault;
  if (!step.cut_after_events || !is_stream) return std::nullopt;
  return Fault{.kind = Fault::Kind::kCut, .after_events = *step.cut_after_events};
}

/// The answer to max_tokens 0, which only fills the cache.
Step empty_step() {
  Step step;
  step.stop_reason = "max_tokens";
  return step;
}

class Service : public net::HttpHandler {
 public:
  explicit Service(ServiceParts parts)
      : parts_(std::move(parts)),
        state_{FaultPlan(parts_.config.faults, parts_.config.seed),
               PromptCache(),
               RateLimiter(parts_.config.limits),
               {},
               0} {}

  Task<> handle(const net::ServerRequest& request, net::ResponseWriter& response) override {
    if (is_control_target(request.target)) {
      ControlAnswer answer = control(state_, parts_.config, request);
      net::Headers headers = {{"content-type", "application/json"}};
      std::ignore = co_await response.respond(answer.status, std::move(headers), std::move(answer.body));
      co_return;
    }
    ++state_.requests;
    Exchanged exchanged{.request = request,
                        .route = route_of(request.target),
                        .request_id = "req_" + random_hex(12),
                        .headers = {},
                        .body = nullptr};
    exchanged.headers = {{"date", net::format_http_date(now())},
                         {"request-id", exchanged.request_id},
                         {"x-amzn-requestid", make_uuid()}};
    read_body(exchanged);
    CapturingResponse captured(response, parts_.exchange_recorder != nullptr,
                               [&](int status) { record(exchanged, status); });
    co_await serve(exchanged, captured);
    record_exchange(exchanged, captured.captured());
  }

 private:
  static void read_body(Exchanged& exchanged) {
    if (exchanged.request.body.empty() || exchanged.request.body.size() > kMaxBodyBytes) return;
    if (auto body = json::parse(exchanged.request.body)) {
      exchanged.body = std::move(*body);
      exchanged.has_json = true;
      exchanged.model = json::string_or_empty(exchanged.body, "model");
    }
  }

  /// By the clock of the platform.
  TimePoint now() const { return parts_.clock() + parts_.config.clock_offset; }

  Task<> serve(Exchanged& exchanged, net::ResponseWriter& response) {
    ApiResult<> allowed = admit(exchanged);
    if (allowed) allowed = check_limits(exchanged);
    if (!allowed) {
      co_await refuse(exchanged, response, allowed.error());
      co_return;
    }
    const std::optional<Fault> fault = state_.faults.next(route_name(exchanged.route), exchanged.model);
    const bool is_answered = co_await strike_before(exchanged, response, fault);
    if (is_answered) co_return;
    FaultyResponse faulty(response, fault);
    co_await answer(exchanged, faulty);
    std::ignore = co_await faulty.finish();
  }

  ApiResult<> admit(Exchanged& exchanged) const {
    if (exchanged.request.body.size() > kMaxBodyBytes) {
      return std::unexpected(ApiError{413, "request_too_large", "Request exceeds the maximum size: 32 MB"});
    }
    Identity& identity = exchanged.identity;
    const ApiResult<> admitted = emulator::admit(parts_.config, exchanged.request, now(), identity);
    exchanged.auth = admitted ? identity.method : admitted.error().message;
    AWL_CHECK(admitted);
    exchanged.headers.push_back({"anthropic-organization-id", std::string(kOrganization)});
    exchanged.headers.push_back({"anthropic-workspace-id", identity.workspace});
    if (state_.expired_keys.contains(identity.principal)) return expired(exchanged);
    if (parts_.upstream != nullptr || parts_.replay) return {};
    AWL_CHECK(check_emulated(exchanged.route, exchanged.request.method));
    AWL_CHECK(check_version(exchanged.request.headers));
    if (exchanged.route.kind == Route::Kind::kMessages) return check_body(exchanged, Endpoint::kMessages);
    if (exchanged.route.kind == Route::Kind::kCountTokens)
      return check_body(exchanged, Endpoint::kCountTokens);
    return {};
  }

  static ApiResult<> expired(Exchanged& exchanged) {
    exchanged.auth = "ExpiredTokenException: The security token included in the request is expired";
    return unauthenticated(exchanged.auth);
  }

  static ApiResult<> check_body(const Exchanged& exchanged, Endpoint endpoint) {
    if (!exchanged.has_json) return invalid_request("The request body is not valid JSON.");
    return validate_request(exchanged.body, betas_of(exchanged.request.headers), endpoint);
  }

  ApiResult<> check_limits(Exchanged& exchanged) {
    if (exchanged.route.kind != Route::Kind::kMessages) return {};
    AWL_CHECK(state_.limits.check_spend(exchanged.identity.workspace, now()));
    const bool is_ours = parts_.upstream == nullptr && !parts_.replay;
    if (is_ours) {
      exchanged.cache = state_.cache.look_up(exchanged.identity.workspace, exchanged.body, now());
    } else {
      exchanged.cache.usage.input_tokens = estimate_input_tokens(exchanged.body);
    }
    const Usage& usage = exchanged.cache.usage;
    return state_.limits.take(exchanged.model, usage.input_tokens + usage.cache_creation_input_tokens, now(),
                              exchanged.headers);
  }

  /// Once for each request, before anything of the answer is sent.
  void record(Exchanged& exchanged, int status) {
    if (parts_.recorder == nullptr || exchanged.is_recorded) return;
    exchanged.is_recorded = true;
    note(parts_.recorder->write(entry_of(exchanged, status)));
  }

  void record_exchange(const Exchanged& exchanged, const RecordedResponse& response) {
    if (parts_.exchange_recorder == nullptr) return;
    note(parts_.exchange_recorder->write_line(exchange_line(entry_of(exchanged, response.status), response)));
  }

  Exchange entry_of(const Exchanged& exchanged, int status) const {
    const json::Value* body = exchanged.has_json ? &exchanged.body : nullptr;
    return {parts_.clock(), exchanged.request, body, status, exchanged.auth, exchanged.request_id};
  }

  void note(const Result<>& written) const {
    if (!written && parts_.on_record_error) parts_.on_record_error(written.error());
  }

  /// The headers of this response; `more` may replace what is there.
  static net::Headers headers_of(const Exchanged& exchanged, std::string_view type,
                                 const net::Headers& more) {
    net::Headers headers = exchanged.headers;
    net::set_header(headers, "content-type", std::string(type));
    for (const net::Header& header : more) net::set_header(headers, header.name, header.value);
    return headers;
  }

  static Task<> send(const Exchanged& exchanged, net::ResponseWriter& response, int status, std::string body,
                     net::Headers more = {}) {
    // A client that is gone needs no answer; the server closes its connection.
    net::Headers headers = headers_of(exchanged, "application/json", more);
    std::ignore = co_await response.respond(status, std::move(headers), std::move(body));
  }

  static Task<> refuse(const Exchanged& exchanged, net::ResponseWriter& response, ApiError error,
                       net::Headers more = {}) {
    std::string body = error_body(error, exchanged.request_id);
    co_await send(exchanged, response, error.status, std::move(body), std::move(more));
  }

  /// The part of a fault that comes before an answer. True when it was the answer.
  Task<bool> strike_before(Exchanged& exchanged, net::ResponseWriter& response, std::optional<Fault> given) {
    if (!given) co_return false;
    const Fault fault = std::move(*given);
    if (fault.delay.count() > 0) co_await async::sleep_for(fault.delay);
    switch (fault.kind) {
      case Fault::Kind::kStatus: {
        ApiError error{fault.status, fault.error_type, fault.message};
        if (error.type.empty()) error.type = std::string(error_type_of(fault.status));
        if (error.message.empty()) error.message = "A fault that was asked for.";
        net::Headers more;
        if (!fault.retry_after.empty()) more.push_back({"retry-after", fault.retry_after});
        co_await refuse(exchanged, response, std::move(error), std::move(more));
        co_return true;
      }
      case Fault::Kind::kHtml: {
        net::Headers more = {{"content-type", "text/html"}};
        co_await send(exchanged, response, fault.status, std::string(kHtmlPage), std::move(more));
        co_return true;
      }
      case Fault::Kind::kExpireCredentials: {
        if (exchanged.identity.principal.empty()) co_return false;
        state_.expired_keys.insert(exchanged.identity.principal);
        ApiError error = expired(exchanged).error();
        co_await refuse(exchanged, response, std::move(error));
        co_return true;
      }
      case Fault::Kind::kReset:
        response.reset();
        co_return true;
      default:
        co_return false;
    }
  }

  Task<> answer(Exchanged& exchanged, net::ResponseWriter& response) {
    if (parts_.replay) {
      co_await answer_from_record(exchanged, response);
    } else if (parts_.upstream != nullptr) {
      net::Headers own = exchanged.headers;
      auto relayed = co_await relay(*parts_.upstream, parts_.config.upstream, exchanged.request,
                                    std::move(own), response);
      if (!relayed) co_await refuse(exchanged, response, relayed.error());
    } else if (exchanged.route.kind == Route::Kind::kMessages) {
      co_await answer_messages(exchanged, response);
    } else {
      ApiResult<std::string> body = body_of(exchanged);
      if (!body) {
        co_await refuse(exchanged, response, body.error());
        co_return;
      }
      co_await send(exchanged, response, 200, std::move(*body));
    }
  }

  /// The answer to everything but /v1/messages.
  static ApiResult<std::string> body_of(const Exchanged& exchanged) {
    if (exchanged.route.kind == Route::Kind::kModels) return models_page(exchanged.route.query);
    if (exchanged.route.kind == Route::Kind::kModel) return model_body(exchanged.route.model);
    return json::dump({{"input_tokens", estimate_input_tokens(exchanged.body)}});
  }

  Task<> answer_from_record(Exchanged& exchanged, net::ResponseWriter& response) {
    const json::Value body = exchanged.has_json ? exchanged.body : json::Value(exchanged.request.body);
    auto found = parts_.replay->answer(exchanged.request.method, exchanged.route.path, body);
    if (!found) {
      co_await refuse(exchanged, response, found.error());
      co_return;
    }
    const RecordedResponse recorded = std::move(*found);
    co_await play(recorded, downstream_headers(recorded.headers, exchanged.headers),
                  parts_.config.replay_timing, response);
  }

  Task<> answer_messages(Exchanged& exchanged, net::ResponseWriter& response) {
    const bool only_fills_cache = json::get_integer(exchanged.body, "max_tokens") == 0;
    const Step step = only_fills_cache ? empty_step() : parts_.model->next(exchanged.body);
    record(exchanged, step.status);
    if (step.delay.count() > 0) co_await async::sleep_for(step.delay);
    const bool is_stream = json::get_bool(exchanged.body, "stream").value_or(false);
    const std::optional<Fault> fault = fault_of(step, is_stream);
    const bool is_answered = co_await strike_before(exchanged, response, fault);
    if (is_answered) co_return;
    if (step.status != 200) {
      const std::string type =
          step.error_type.empty() ? std::string(error_type_of(step.status)) : step.error_type;
      const std::string text = step.error_message.empty() ? "An error of the scenario." : step.error_message;
      ApiError error{step.status, type, text};
      co_await refuse(exchanged, response, std::move(error), step.headers);
      co_return;
    }
    const Message message = make_message(step, exchanged.model, exchanged.cache.usage);
    settle(exchanged, message.usage);
    FaultyResponse faulty(response, fault);
    if (is_stream) {
      co_await stream(exchanged, faulty, step, message);
    } else {
      co_await send(exchanged, faulty, 200, message_json(message), step.headers);
    }
    std::ignore = co_await faulty.finish();
  }

  /// What an answer changes for those that come after it.
  void settle(const Exchanged& exchanged, const Usage& usage) {
    state_.cache.commit(exchanged.cache);
    state_.limits.add_output(exchanged.model, usage.output_tokens, now());
    state_.limits.add_spend(exchanged.identity.workspace, cost_usd(exchanged.model, usage), now());
  }

  static Task<> stream(const Exchanged& exchanged, net::ResponseWriter& response, const Step& step,
                       const Message& message) {
    net::Headers headers = headers_of(exchanged, "text/event-stream; charset=utf-8", step.headers);
    net::set_header(headers, "cache-control", "no-cache");
    const Result<> started = co_await response.start(200, std::move(headers));
    if (!started) co_return;
    if (step.raw_event_stream) {
      std::ignore = co_await response.write(*step.raw_event_stream);
      co_return;
    }
    for (const std::string& event : message_events(message, step.chunk_bytes)) {
      const Result<> written = co_await response.write(event);
      if (!written) co_return;
      if (step.event_delay.count() > 0) co_await async::sleep_for(step.event_delay);
    }
  }

  ServiceParts parts_;
  ServiceState state_;
};

}  // namespace

std::unique_ptr<net::HttpHandler> make_service(ServiceParts parts) {
  return std::make_unique<Service>(std::move(parts));
}

}  // namespace awl::emulator
