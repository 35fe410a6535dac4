#include "emulator/api_error.h"

#include <nlohmann/json.hpp>

#include "json/json.h"

namespace awl::emulator {

namespace {

std::unexpected<ApiError> refuse(int status, std::string message) {
  return std::unexpected(ApiError{status, std::string(error_type_of(status)), std::move(message)});
}

}  // namespace

std::unexpected<ApiError> invalid_request(std::string message) { return refuse(400, std::move(message)); }
std::unexpected<ApiError> unauthenticated(std::string message) { return refuse(401, std::move(message)); }
std::unexpected<ApiError> forbidden(std::string message) { return refuse(403, std::move(message)); }
std::unexpected<ApiError> not_found(std::string message) { return refuse(404, std::move(message)); }

std::string_view error_type_of(int status) {
  switch (status) {
    case 401:
      return "authentication_error";
    case 402:
      return "billing_error";
    case 403:
      return "permission_error";
    case 404:
      return "not_found_error";
    case 409:
      return "conflict_error";
    case 413:
      return "request_too_large";
    case 429:
      return "rate_limit_error";
    case 504:
      return "timeout_error";
    case 529:
      return "overloaded_error";
    default:
      return status < 500 ? "invalid_request_error" : "api_error";
  }
}

std::string error_body(const ApiError& error, std::string_view request_id) {
  json::Value inner = {{"type", error.type}, {"message", error.message}};
  if (!error.error_code.empty()) inner["details"] = {{"error_code", error.error_code}};
  return json::dump(
      {{"type", "error"}, {"error", std::move(inner)}, {"request_id", std::string(request_id)}});
}

}  // namespace awl::emulator
