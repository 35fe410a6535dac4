#include "aws/sigv4.h"

#include <fmt/format.h>

#include "aws/canonical_request.h"
#include "base/encoding.h"
#include "base/strings.h"
#include "crypto/sha256.h"

namespace awl::aws {

namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kSecurityToken = "x-amz-security-token";
constexpr std::string_view kContentHash = "x-amz-content-sha256";

Secret derive(const Secret& key, std::string_view text) {
  return Secret(crypto::hmac_sha256(key.expose(), text));
}

// The headers of an earlier signature are not signed again: those of this one take their place.
bool is_replaced(std::string_view name, const SigningConfig& config) {
  const std::string lower = to_lower(trim(name));
  return lower == "authorization" || lower == "x-amz-date" || lower == kSecurityToken ||
         (lower == kContentHash && config.add_payload_hash_header);
}

}  // namespace

std::string compute_signature(const Secret& secret_access_key, std::string_view date, std::string_view region,
                              std::string_view service, std::string_view string_to_sign) {
  const Secret seed("AWS4" + secret_access_key.expose());
  const Secret key = derive(derive(derive(derive(seed, date), region), service), "aws4_request");
  return to_hex(crypto::hmac_sha256(key.expose(), string_to_sign));
}

SigningResult sign(const Signable& request, const SigningConfig& config, const Credentials& credentials) {
  const std::string time = format_amz_date(config.date);
  const std::string day = time.substr(0, time.find('T'));
  const std::string scope = fmt::format("{}/{}/{}/aws4_request", day, config.region, config.service);
  const std::string payload_hash = crypto::sha256_hex(request.body);
  const bool has_token = !credentials.session_token.empty();

  SigningResult result;
  result.headers_to_add.emplace_back("x-amz-date", time);
  if (config.add_payload_hash_header) result.headers_to_add.emplace_back(kContentHash, payload_hash);
  if (has_token && !config.omit_session_token) {
    result.headers_to_add.emplace_back(kSecurityToken, credentials.session_token.expose());
  }
  auto signed_headers = result.headers_to_add;
  for (const auto& header : request.headers) {
    if (!is_replaced(header.first, config)) signed_headers.push_back(header);
  }
  const CanonicalHeaders headers = canonical_headers(signed_headers);
  if (has_token && config.omit_session_token) {
    result.headers_to_add.emplace_back(kSecurityToken, credentials.session_token.expose());
  }

  result.signed_headers = headers.names;
  result.canonical_request =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method,
                  canonical_uri(request.path, config.normalize_path, config.double_encode_path),
                  canonical_query(request.query), headers.lines, headers.names, payload_hash);
  result.string_to_sign =
      fmt::format("{}\n{}\n{}\n{}", kAlgorithm, time, scope, crypto::sha256_hex(result.canonical_request));
  result.signature = compute_signature(credentials.secret_access_key, day, config.region, config.service,
                                       result.string_to_sign);
  result.headers_to_add.emplace_back(
      "authorization", fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", kAlgorithm,
                                   credentials.access_key_id, scope, headers.names, result.signature));
  return result;
}

}  // namespace awl::aws
