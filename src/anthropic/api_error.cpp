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

struct ErrorBody {
  std::string type;
  std::string message;
  std::string code;  // details.error_code
};

ErrorBody read_body(std::string_view body) {
  ErrorBody result;
  if (const auto parsed = json::parse(body)) {
    if (const json::Value* error = json::find(*parsed, "error")) {
      result.type = json::string_or_empty(*error, "type");
      if (const json::Value* details = json::find(*error, "details"))
        result.code = json::string_or_empty(*details, "error_code");
      if (const auto message = json::get_string(*error, "message")) {
        result.message = *message;
        return result;
      }
    }
    // AWS's own front door answers {"message":…} or {"Message":…}.
    for (const std::string_view key : {"message", "Message"}) {
      if (const auto message = json::get_string(*parsed, key)) {
        result.message = *message;
        return result;
      }
    }
  }
  const std::string text = to_utf8(body);
  result.message = trim(utf8_prefix(text, kShownBodyBytes));
  return result;
}

}  // namespace

RequestIds request_ids(const net::Headers& headers) {
  return {header_or_empty(headers, "x-amzn-requestid"), header_or_empty(headers, "request-id")};
}

std::string describe(const RequestIds& ids) {
  std::vector<std::string> parts;
  if (!ids.anthropic.empty()) parts.push_back("request-id " + ids.anthropic);
  if (!ids.amzn.empty()) parts.push_back("x-amzn-requestid " + ids.amzn);
  return parts.empty() ? "" : fmt::format(" ({})", join(parts, ", "));
}

bool is_spend_limit(std::string_view error_type, std::string_view message, std::string_view error_code) {
  if (error_type == "billing_error" || error_code.find("spend_limit") != std::string_view::npos) return true;
  const std::string text = to_lower(message);
  for (const char* sign : {"spend limit", "api usage limits", "credit balance is too low", "usage credits"}) {
    if (text.find(sign) != std::string::npos) return true;
  }
  return false;
}

std::optional<int64_t> room_for_output(const CallError& error) {
  constexpr std::string_view kSign = "exceed context limit:";
  constexpr int64_t kLeast = 1'000;
  const std::string text = to_lower(error.error.message);
  const size_t at = text.find(kSign);
  if (error.status != 400 || at == std::string::npos) return std::nullopt;
  std::vector<int64_t> numbers;  // input, max_tokens, limit
  std::string_view rest = std::string_view(text).substr(at + kSign.size());
  while (numbers.size() < 3) {
    const size_t begin = rest.find_first_of("0123456789");
    if (begin == std::string_view::npos) return std::nullopt;
    const size_t end = std::min(rest.find_first_not_of("0123456789", begin), rest.size());
    const auto number = parse_integer(rest.substr(begin, end - begin));
    if (!number) return std::nullopt;
    numbers.push_back(*number);
    rest.remove_prefix(end);
  }
  const int64_t room = numbers[2] - numbers[0];
  return room >= kLeast ? std::optional(room) : std::nullopt;
}

bool is_too_long(const CallError& error) {
  const std::string text = to_lower(error.error.message);
  return text.contains("prompt is too long") || text.contains("input is too long for requested model") ||
         text.contains("capability_rejected: prompt_too_long");
}

std::string category_of(int status, std::string_view error_type) {
  if (status == 401 || status == 403 || error_type == "authentication_error" ||
      error_type == "permission_error")
    return "authentication_failed";
  if (status == 402 || error_type == "billing_error") return "billing_error";
  if (status == 429 || error_type == "rate_limit_error") return "rate_limit";
  if (status == 529 || error_type == "overloaded_error") return "overloaded";
  if (status == 404 || error_type == "not_found_error") return "model_not_found";
  if (status >= 500 || error_type == "api_error" || error_type == "timeout_error") return "server_error";
  if (status >= 400 || error_type == "invalid_request_error" || error_type == "request_too_large")
    return "invalid_request";
  return "unknown";
}

CallError parse_error_response(int status, const net::Headers& headers, std::string_view body) {
  CallError result;
  const ErrorBody error = read_body(body);
  const std::string message = redact(error.message);
  result.status = status;
  result.category = category_of(status, error.type);
  const bool may_be_money = status == 400 || status == 402 || status == 429;
  if (may_be_money && is_spend_limit(error.type, message, error.code)) result.category = "billing_error";
  result.ids = request_ids(headers);
  result.error.kind = status == 401 || status == 403 ? ErrorKind::kCredentials : ErrorKind::kApi;
  result.error.message =
      fmt::format("API error {}: {}{}", status, message.empty() ? "no explanation was given" : message,
                  describe(result.ids));
  return result;
}

void add_cause(Error& error, const Error& cause) {
  error.message += "; " + cause.message;
  if (!cause.hint.empty()) error.hint = cause.hint;
}

}  // namespace awl::anthropic
