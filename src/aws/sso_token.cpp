#include "aws/sso_token.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "aws/service_call.h"
#include "aws/timestamp.h"
#include "base/utf8.h"
#include "crypto/sha1.h"
#include "json/json.h"

namespace awl::aws {

namespace {

constexpr uint64_t kMaxTokenFileBytes = 256 << 10;

Result<json::Value> read_object(const os::Path& file) {
  AWL_TRY(const std::string text, os::read_file(file, kMaxTokenFileBytes));
  auto value = json::parse(text);
  if (!value || !value->is_object())
    return fail(ErrorKind::kCredentials, fmt::format("{} is not a JSON object", file.string()));
  return value;
}

// 2026-01-02T03:04:05Z, which is what the AWS CLI reads back.
std::string format_seconds(TimePoint time) { return format_iso8601(time).substr(0, 19) + "Z"; }

void store(const os::Path& file, const SsoToken& token) {
  auto object = read_object(file);
  if (!object) return;
  (*object)["accessToken"] = token.access_token.expose();
  (*object)["expiresAt"] = format_seconds(token.expires_at);
  (*object)["refreshToken"] = token.refresh_token.expose();
  std::ignore = os::write_file_atomic(file, json::dump(*object), 0600);
}

std::string renewal_body(const SsoToken& token) {
  const json::Value body{{"clientId", token.client_id},
                         {"clientSecret", token.client_secret.expose()},
                         {"grantType", "refresh_token"},
                         {"refreshToken", token.refresh_token.expose()}};
  return json::dump(body);
}

}  // namespace

bool SsoToken::can_be_renewed(TimePoint now) const {
  return !client_id.empty() && !client_secret.empty() && !refresh_token.empty() &&
         (!registration_expires_at || *registration_expires_at > now);
}

os::Path sso_token_file(const os::Path& cache_folder, const std::string& session_or_url) {
  return cache_folder / (crypto::sha1_hex(session_or_url) + ".json");
}

Result<SsoToken> read_sso_token(const os::Path& file) {
  AWL_TRY(const json::Value object, read_object(file));
  SsoToken token;
  token.access_token = Secret(json::string_or_empty(object, "accessToken"));
  const auto expires_at = parse_timestamp(json::string_or_empty(object, "expiresAt"));
  if (token.access_token.empty() || !expires_at)
    return fail(ErrorKind::kCredentials, fmt::format("{} has no accessToken or no expiresAt", file.string()));
  token.expires_at = *expires_at;
  token.client_id = json::string_or_empty(object, "clientId");
  token.client_secret = Secret(json::string_or_empty(object, "clientSecret"));
  token.refresh_token = Secret(json::string_or_empty(object, "refreshToken"));
  token.registration_expires_at = parse_timestamp(json::string_or_empty(object, "registrationExpiresAt"));
  return token;
}

Task<Result<SsoToken>> renew_sso_token(net::HttpClient& http, std::string endpoint, os::Path file,
                                       SsoToken token, Clock clock) {
  const auto make = [&endpoint, &token] {
    net::HttpRequest request;
    request.method = "POST";
    request.url = endpoint + "/token";
    request.headers = {{"content-type", "application/json"}};
    request.body = renewal_body(token);
    return request;
  };
  const CallLimits limits{.attempts = 2, .attempt_timeout = std::chrono::seconds(10)};
  auto reply = co_await call_service(http, make, "the SSO service at " + endpoint, limits);
  if (!reply) co_return std::unexpected(std::move(reply).error());
  const auto body = json::parse(reply->body);
  if (!reply->ok() || !body) {
    const std::string code = body ? json::string_or_empty(*body, "error") : "";
    co_return fail(reply->status >= 500 ? ErrorKind::kNetwork : ErrorKind::kCredentials,
                   fmt::format("the SSO service did not renew the sign-in: {}",
                               code.empty() ? fmt::format("HTTP {}", reply->status) : redact(to_utf8(code))));
  }
  const auto lifetime = json::get_integer(*body, "expiresIn");
  Secret access_token{json::string_or_empty(*body, "accessToken")};
  if (access_token.empty() || !lifetime || *lifetime <= 0)
    co_return fail(ErrorKind::kCredentials, "the SSO service's answer to the renewal holds no token");
  token.access_token = std::move(access_token);
  token.expires_at = clock() + std::chrono::seconds(*lifetime);
  if (auto next = json::get_string(*body, "refreshToken")) token.refresh_token = Secret(std::move(*next));
  store(file, token);
  co_return token;
}

}  // namespace awl::aws
