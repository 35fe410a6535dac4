#include "mcp/client_assertion.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "base/secret.h"
#include "base/strings.h"
#include "base/uuid.h"
#include "crypto/signing_key.h"
#include "json/json.h"
#include "os/file.h"

namespace awl::mcp {

namespace {

constexpr std::chrono::seconds kAssertionLifetime{300};
constexpr size_t kMaxKeyBytes = 64 << 10;
constexpr std::string_view kAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

Result<std::unique_ptr<crypto::SigningKey>> read_client_key(const std::string& file) {
  const auto about = [&file](const Error& error) {
    return fail(error.kind, fmt::format("the private key {} cannot be used: {}", file, error.message),
                error.hint);
  };
  const auto info = os::stat(file);
  if (info && info->size_bytes > kMaxKeyBytes)
    return about({ErrorKind::kInvalidInput, "it is too large for a key", "", ""});
  auto text = os::read_file(file);
  if (!text) return about(text.error());
  const Secret pem(std::move(*text));
  auto key = crypto::parse_signing_key(pem.expose());
  if (!key) return about(key.error());
  return key;
}

}  // namespace

Result<> check_client_key(const Login& login, const AuthServer& server) {
  AWL_TRY(const auto key, read_client_key(login.key_file));
  const auto& offered = server.token_signing_algorithms;
  if (!offered.empty() && std::ranges::find(offered, key->algorithm()) == offered.end()) {
    return fail(ErrorKind::kUnsupported,
                fmt::format("{} takes signatures of the kinds {}, and {} makes {}", server.issuer,
                            join(offered, ", "), login.key_file, key->algorithm()));
  }
  return {};
}

Result<std::string> assertion_form(const Login& login, TimePoint now) {
  AWL_TRY(const auto key, read_client_key(login.key_file));
  json::Value header{{"alg", key->algorithm()}, {"typ", "JWT"}};
  if (!login.key_id.empty()) header["kid"] = login.key_id;
  const int64_t at = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  const json::Value claims{{"iss", login.client_id},
                           {"sub", login.client_id},
                           {"aud", login.issuer},
                           {"jti", make_uuid()},
                           {"iat", at},
                           {"exp", at + kAssertionLifetime.count()}};
  const std::string said = to_base64_url(json::dump(header)) + "." + to_base64_url(json::dump(claims));
  return fmt::format("client_assertion_type={}&client_assertion={}.{}", percent_encode(kAssertionType), said,
                     to_base64_url(key->sign(said)));
}

}  // namespace awl::mcp
