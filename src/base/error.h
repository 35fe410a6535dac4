// What every fallible function of the project returns.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace awl {

/// The closed set of things that can go wrong, as far as a caller would act on the difference.
enum class ErrorKind {
  kInvalidInput,      ///< what the person or the model gave is wrong: they can correct it
  kNotFound,          ///< a file, profile, model … that was named does not exist
  kPermissionDenied,  ///< the operating system or a rule said no
  kIo,                ///< reading, writing, spawning failed
  kParse,             ///< bytes from a file or a peer are not what they claim to be
  kTimeout,           ///< a limit in time was reached
  kCancelled,         ///< the person or the owner ended it
  kNetwork,           ///< no connection, or it broke: another attempt may succeed
  kTls,               ///< the peer's certificate or our own TLS set-up is not acceptable: it will not
  kCredentials,       ///< no usable credentials, or they were refused
  kApi,               ///< the platform answered with an error
  kUnsupported,       ///< known, but not served by this version
  kInternal,          ///< a broken invariant: a bug
};

std::string_view to_string(ErrorKind kind);

/// One failure: a sentence for the person, and what programs and logs want to know.
struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string message;  ///< what was wrong and where, one sentence, no secret in it
  std::string hint;     ///< what to do about it; may be empty
  std::string detail;   ///< for logs: a path, a status, the text of a peer; may be empty
};

/// "message. hint" as one text.
std::string describe(const Error& error);

template <typename T = void>
using Result = std::expected<T, Error>;

/// Builds the failure branch of a Result: `return fail(ErrorKind::kIo, "…")`.
std::unexpected<Error> fail(ErrorKind kind, std::string message, std::string hint = {},
                            std::string detail = {});

}  // namespace awl

#define AWL_CONCAT_INNER(a, b) a##b
#define AWL_CONCAT(a, b) AWL_CONCAT_INNER(a, b)

/// AWL_TRY(auto value, expression): takes the value of a Result, or returns its error to the caller.
#define AWL_TRY(declaration, ...) \
  AWL_TRY_IMPL(return, AWL_CONCAT(awl_try_, __LINE__), declaration, __VA_ARGS__)
/// The same inside a coroutine. Name the awaited value first: `auto r = co_await f(); AWL_CO_TRY(auto v,
/// std::move(r));`
#define AWL_CO_TRY(declaration, ...) \
  AWL_TRY_IMPL(co_return, AWL_CONCAT(awl_try_, __LINE__), declaration, __VA_ARGS__)
#define AWL_TRY_IMPL(leave, name, declaration, ...)                      \
  auto name = (__VA_ARGS__);                                             \
  if (!name.has_value()) leave std::unexpected(std::move(name).error()); \
  declaration = std::move(*name)

/// AWL_CHECK(expression): for a Result<void>.
#define AWL_CHECK(...) AWL_CHECK_IMPL(return, AWL_CONCAT(awl_check_, __LINE__), __VA_ARGS__)
#define AWL_CO_CHECK(...) AWL_CHECK_IMPL(co_return, AWL_CONCAT(awl_check_, __LINE__), __VA_ARGS__)
#define AWL_CHECK_IMPL(leave, name, ...)             \
  if (auto name = (__VA_ARGS__); name.has_value()) { \
  } else /* NOLINT(readability-else-after-return) */ \
    leave std::unexpected(std::move(name).error())
