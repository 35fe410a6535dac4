#include "emulator/service.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "async/timeout.h"
#include "base/encoding.h"
#include "base/strings.h"
#include "base/uuid.h"
#include "emulator/admission.h"
#include "emulator/messages_validator.h"
#include "emulator/models.h"
#include "emulator/platform_routes.h"
#include "emulator/sse_writer.h"

namespace awl::emulator {

namespace {

constexpr size_t kMaxBodyBytes = 32 << 20;  // platform docs, "Request size limits"

struct Route {
  enum class Kind { kMessages, kCountTokens, kModels, kModel, kUnknown };
  Kind kind = Kind::kUnknown;
  std::string path;
  std::string query;
  std::string model;  ///< kModel
};

/// One request on its way through the service.
struct Exchanged {
  const net::ServerRequest& request;
  Route route;
  std::string request_id;
  net::Headers headers;  ///< those that every response carries
  json::Value body;      ///< null when it is no JSON
  bool has_json = false;
  std::string auth = "not checked";
  bool is_recorded = false;
};

Route route_of(const std::string& target) {
  Route route;
  const size_t question = target.find('?');
  route.path = target.substr(0, question);
  if (question != std::string::npos) route.query = target.substr(question + 1);
  constexpr std::string_view kModels = "/v1/models";
  if (route.path == "/v1/messages") route.kind = Route::Kind::kMessages;
  if (route.path == "/v1/messages/count_tokens") route.kind = Route::Kind::kCountTokens;
  if (route.path == kModels) route.kind = Route::Kind::kModels;
  if (route.path.starts_with("/v1/models/") && route.path.size() > kModels.size() + 1) {
    route.kind = Route::Kind::kModel;
    route.model = percent_decode(std::string_view(route.path).substr(kModels.size() + 1));
  }
  return route;
}

std::vector<std::string> betas_of(const net::Headers& headers) {
  std::vector<std::string> betas;
  for (const net::Header& header : headers) {
    if (!equals_ignore_case(header.name, "anthropic-beta")) continue;
    for (const std::string_view beta : split(header.value, ',')) betas.emplace_back(trim(beta));
  }
  return betas;
}

ApiResult<> check_emulated(const Route& route, const std::string& method) {
  if (route.kind != Route::Kind::kUnknown) return {};
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

class Service : public net::HttpHandler {
 public:
  explicit Service(ServiceParts parts) : parts_(std::move(parts)) {}

  Task<> handle(const net::ServerRequest& request, net::ResponseWriter& response) override {
    Exchanged exchanged{.request = request,
                        .route = route_of(request.target),
                        .request_id = "req_" + random_hex(12),
                        .headers = {},
                        .body = nullptr};
    exchanged.headers = {{"request-id", exchanged.request_id}, {"x-amzn-requestid", make_uuid()}};
    read_body(exchanged);
    const ApiResult<> allowed = admit(exchanged);
    if (!allowed) {
      co_await refuse(exchanged, response, allowed.error());
      co_return;
    }
    if (exchanged.route.kind == Route::Kind::kMessages) {
      co_await answer_messages(exchanged, response);
      co_return;
    }
    ApiResult<std::string> body = body_of(exchanged);
    if (!body) {
      co_await refuse(exchanged, response, body.error());
      co_return;
    }
    co_await send(exchanged, response, 200, std::move(*body));
  }

 private:
  static void read_body(Exchanged& exchanged) {
    if (exchanged.request.body.empty() || exchanged.request.body.size() > kMaxBodyBytes) return;
    if (auto body = json::parse(exchanged.request.body)) {
      exchanged.body = std::move(*body);
      exchanged.has_json = true;
    }
  }

  ApiResult<> admit(Exchanged& exchanged) const {
    if (exchanged.request.body.size() > kMaxBodyBytes) {
      return std::unexpected(ApiError{413, "request_too_large", "Request exceeds the maximum size: 32 MB"});
    }
    Identity identity;
    const ApiResult<> admitted = awl::emulator::admit(parts_.config, exchanged.request, now(), identity);
    exchanged.auth = admitted ? identity.method : admitted.error().message;
    AWL_CHECK(admitted);
    AWL_CHECK(check_emulated(exchanged.route, exchanged.request.method));
    return check_version(exchanged.request.headers);
  }

  /// By the clock of the platform.
  TimePoint now() const { return parts_.clock() + parts_.config.clock_offset; }

  static ApiResult<> check_body(const Exchanged& exchanged, Endpoint endpoint) {
    if (!exchanged.has_json) return invalid_request("The request body is not valid JSON.");
    return validate_request(exchanged.body, betas_of(exchanged.request.headers), endpoint);
  }

  /// The answer to everything but /v1/messages.
  static ApiResult<std::string> body_of(const Exchanged& exchanged) {
    if (exchanged.route.kind == Route::Kind::kModels) return models_page(exchanged.route.query);
    if (exchanged.route.kind == Route::Kind::kModel) return model_body(exchanged.route.model);
    AWL_CHECK(check_body(exchanged, Endpoint::kCountTokens));
    return json::dump({{"input_tokens", estimate_input_tokens(exchanged.body)}});
  }

  /// Once for each request, before anything of the answer is sent.
  void record(Exchanged& exchanged, int status) {
    if (parts_.recorder == nullptr || exchanged.is_recorded) return;
    exchanged.is_recorded = true;
    const json::Value* body = exchanged.has_json ? &exchanged.body : nullptr;
    const auto written = parts_.recorder->write(
        {parts_.clock(), exchanged.request, body, status, exchanged.auth, exchanged.request_id});
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

  Task<> send(Exchanged& exchanged, net::ResponseWriter& response, int status, std::string body,
              net::Headers more = {}) {
    record(exchanged, status);
    // A client that is gone needs no answer; the server closes its connection.
    net::Headers headers = headers_of(exchanged, "application/json", more);
    std::ignore = co_await response.respond(status, std::move(headers), std::move(body));
  }

  Task<> refuse(Exchanged& exchanged, net::ResponseWriter& response, ApiError error, net::Headers more = {}) {
    std::string body = error_body(error, exchanged.request_id);
    co_await send(exchanged, response, error.status, std::move(body), std::move(more));
  }

  Task<> answer_messages(Exchanged& exchanged, net::ResponseWriter& response) {
    const ApiResult<> valid = check_body(exchanged, Endpoint::kMessages);
    if (!valid) {
      co_await refuse(exchanged, response, valid.error());
      co_return;
    }
    const Step step = parts_.model->next(exchanged.body);
    record(exchanged, step.status);
    if (step.delay.count() > 0) co_await async::sleep_for(step.delay);
    if (step.status != 200) {
      const std::string type =
          step.error_type.empty() ? std::string(error_type_of(step.status)) : step.error_type;
      const std::string text = step.error_message.empty() ? "An error of the scenario." : step.error_message;
      const ApiError error{step.status, type, text};
      co_await refuse(exchanged, response, error, step.headers);
      co_return;
    }
    if (json::get_bool(exchanged.body, "stream").value_or(false)) {
      co_await stream(exchanged, response, step);
      co_return;
    }
    const Message message = message_of(exchanged, step);
    co_await send(exchanged, response, 200, message_json(message), step.headers);
  }

  static Message message_of(const Exchanged& exchanged, const Step& step) {
    return make_message(step, json::string_or_empty(exchanged.body, "model"),
                        estimate_input_tokens(exchanged.body));
  }

  Task<> stream(Exchanged& exchanged, net::ResponseWriter& response, const Step& step) {
    net::Headers headers = headers_of(exchanged, "text/event-stream; charset=utf-8", step.headers);
    net::set_header(headers, "cache-control", "no-cache");
    const Result<> started = co_await response.start(200, std::move(headers));
    if (!started) co_return;
    if (step.raw_event_stream) {
      std::ignore = co_await response.write(*step.raw_event_stream);
      co_return;
    }
    const std::vector<std::string> events = message_events(message_of(exchanged, step), step.chunk_bytes);
    for (size_t i = 0; i < events.size(); ++i) {
      if (step.cut_after_events && i >= *step.cut_after_events) {
        response.abort();
        co_return;
      }
      const Result<> written = co_await response.write(events[i]);
      if (!written) co_return;
      if (step.event_delay.count() > 0) co_await async::sleep_for(step.event_delay);
    }
  }

  ServiceParts parts_;
};

}  // namespace

std::unique_ptr<net::HttpHandler> make_service(ServiceParts parts) {
  return std::make_unique<Service>(std::move(parts));
}

}  // namespace awl::emulator
