#include "aws/static_keys.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"

namespace awl::aws {

namespace {

// They go into HTTP headers: visible ASCII alone.
Result<std::string> clean(const StaticKeyPart& part, const std::string& place) {
  const std::string_view value = trim(part.value);
  if (std::all_of(value.begin(), value.end(), [](char c) { return c > ' ' && c < '\x7f'; }))
    return std::string(value);
  return fail(
      ErrorKind::kCredentials,
      fmt::format(
          "the credentials in {} cannot be used: {} contains a space, a control character or a letter "
          "that is not ASCII",
          place, part.name),
      fmt::format("set {} again, without quotes or line breaks", part.name));
}

std::unexpected<Error> missing(const StaticKeyPart& absent, const StaticKeyPart& present,
                               const std::string& place) {
  return fail(ErrorKind::kCredentials,
              fmt::format("the credentials in {} are incomplete: {} is set, {} is not", place, present.name,
                          absent.name),
              fmt::format("set {} too, or remove {}", absent.name, present.name));
}

}  // namespace

Result<Credentials> to_credentials(const StaticKeys& keys) {
  AWL_TRY(std::string id, clean(keys.access_key_id, keys.place));
  AWL_TRY(std::string secret, clean(keys.secret_access_key, keys.place));
  AWL_TRY(std::string token, clean(keys.session_token, keys.place));
  if (id.empty() && secret.empty())
    return fail(ErrorKind::kNotFound, fmt::format("no keys in {}", keys.place));
  if (id.empty()) return missing(keys.access_key_id, keys.secret_access_key, keys.place);
  if (secret.empty()) return missing(keys.secret_access_key, keys.access_key_id, keys.place);
  return Credentials{std::move(id), Secret(std::move(secret)), Secret(std::move(token)), std::nullopt,
                     keys.source};
}

}  // namespace awl::aws
