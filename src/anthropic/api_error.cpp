#include "anthropic/api_error.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/secret.h"
#include "base/strings.h"
#include "base/utf8.h"
#include "json/json.h"

namespace awl::anthropic {

namespace {

constexpr size_t kShownBodyBytes = 300;

std::string header_or_empty(const net::Headers& headers, std::string_view name) {
  const std::string* value = net::find_header(headers, name);
  return value == nullptr ? "" : *value;
}

std::string message_of(std::string_view body, std::string& type) {
  if (const auto parsed = json::parse(body)) {
    if (const json::Value* error = json::find(*parsed, "error")) {
      type = json::string_or_empty(*error, "type");
      if (const auto message = json::get_string(*error, "message")) return *message;
    }
    // AWS's own front door answers {"message":…} or {"Message":…}.
    for (const std::string_view key : {"message", "Message"}) {
      if (const auto message = json::get_string(*parsed, key)) return *message;
    }
  }
  const std::string text = to_utf8(body);
  return std::string(trim(utf8_prefix(text, kShownBodyBytes)));
}

}  // namespace

RequestIds request_ids(const net::Headers& headers) {
  return {header_or_empty(headers, "x-amzn-requestid"), header_or_empty(headers, "request-id")};
}

std::string category_of(int status, std::string_view error_type) {
  if (status == 401 || status == 403) return "authentication_failed";
  if (status == 429 || error_type == "rate_limit_error") return "rate_limit";
  if (status == 529 || error_type == "overloaded_error") return "overloaded";
  if (status == 404) return "model_not_found";
  if (status >= 500 || error_type == "api_error") return "server_error";
  if (status >= 400) return "invalid_request";
  return "unknown";
}

CallError parse_error_response(int status, const net::Headers& headers, std::string_view body) {
  CallError result;
  std::string type;
  const std::string message = redact(message_of(body, type));
  result.status = status;
  result.category = category_of(status, type);
  result.ids = request_ids(headers);
  result.error.kind = status == 401 || status == 403 ? ErrorKind::kCredentials : ErrorKind::kApi;
  result.error.message =
      fmt::format("API error {}: {}", status, message.empty() ? "no explanation was given" : message);
  std::vector<std::string> ids;
  if (!result.ids.anthropic.empty()) ids.push_back("request-id " + result.ids.anthropic);
  if (!result.ids.amzn.empty()) ids.push_back("x-amzn-requestid " + result.ids.amzn);
  if (!ids.empty()) result.error.message += fmt::format(" ({})", join(ids, ", "));
  return result;
}

}  // namespace awl::anthropic
