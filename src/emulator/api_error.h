// Errors as the platform reports them.
// Source: platform docs, "Claude API errors"; AWS General Reference, "Common errors", for the signature's
// phrases.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace awl::emulator {

struct ApiError {
  int status = 500;
  std::string type;  ///< "invalid_request_error", …
  std::string message;
  std::string error_code = {};  ///< goes into error.details; empty: there are none
};

template <typename T = void>
using ApiResult = std::expected<T, ApiError>;

std::unexpected<ApiError> invalid_request(std::string message);  ///< 400
std::unexpected<ApiError> unauthenticated(std::string message);  ///< 401
std::unexpected<ApiError> forbidden(std::string message);        ///< 403
std::unexpected<ApiError> not_found(std::string message);        ///< 404

/// The error type that belongs to a status: 429 is "rate_limit_error".
std::string_view error_type_of(int status);

/// The response's body.
std::string error_body(const ApiError& error, std::string_view request_id);

}  // namespace awl::emulator
