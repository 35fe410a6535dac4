#include "base/error.h"

#include <utility>

namespace awl {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidInput:
      return "invalid_input";
    case ErrorKind::kNotFound:
      return "not_found";
    case ErrorKind::kPermissionDenied:
      return "permission_denied";
    case ErrorKind::kIo:
      return "io";
    case ErrorKind::kParse:
      return "parse";
    case ErrorKind::kTimeout:
      return "timeout";
    case ErrorKind::kCancelled:
      return "cancelled";
    case ErrorKind::kNetwork:
      return "network";
    case ErrorKind::kTls:
      return "tls";
    case ErrorKind::kCredentials:
      return "credentials";
    case ErrorKind::kApi:
      return "api";
    case ErrorKind::kUnsupported:
      return "unsupported";
    case ErrorKind::kInternal:
      return "internal";
  }
  return "internal";
}

std::string describe(const Error& error) {
  if (error.hint.empty()) return error.message;
  const bool ends_sentence =
      error.message.ends_with('.') || error.message.ends_with('!') || error.message.ends_with('?');
  return error.message + (ends_sentence ? " " : ". ") + error.hint;
}

std::unexpected<Error> fail(ErrorKind kind, std::string message, std::string hint, std::string detail) {
  return std::unexpected(Error{kind, std::move(message), std::move(hint), std::move(detail)});
}

}  // namespace awl
