#include "emulator/authenticate.h"

#include <fmt/format.h>

#include <algorithm>

#include "aws/sigv4.h"
#include "base/strings.h"
#include "crypto/sha256.h"
#include "emulator/authorization_header.h"
#include "emulator/contains.h"
#include "emulator/platform_routes.h"
#include "emulator/short_term_key.h"

namespace awl::emulator {

namespace {

constexpr std::string_view kService = kPlatformService;
constexpr std::chrono::minutes kAllowedSkew{5};

std::string header(const net::ServerRequest& request, std::string_view name) {
  const std::string* value = net::find_header(request.headers, name);
  return value == nullptr ? "" : *value;
}

bool has_header(const net::ServerRequest& request, std::string_view name) {
  return net::find_header(request.headers, name) != nullptr;
}

/// Inner runs of spaces become one; values of one name are joined with commas, as SigV4 wants them.
std::string canonical_value(const net::ServerRequest& request, std::string_view name) {
  std::string out;
  bool first = true;
  for (const net::Header& entry : request.headers) {
    if (!equals_ignore_case(entry.name, name)) continue;
    if (!first) out += ',';
    first = false;
    bool space = false;
    for (const char c : trim(entry.value)) {
      if (c == ' ' && space) continue;
      space = c == ' ';
      out += c;
    }
  }
  return out;
}

/// The fixed part of the scope, the date, and what must be covered by the signature.
ApiResult<> check_scope(const Config& config, const SignedAuthorization& given, std::string_view amz_date,
                        TimePoint now) {
  if (given.region != config.region) {
    return forbidden(
        fmt::format("SignatureDoesNotMatch: Credential should be scoped to a valid region, not '{}'. This "
                    "endpoint serves {}; set "
                    "AWS_REGION to the region of the workspace.",
                    given.region, config.region));
  }
  if (given.service != kService) {
    return forbidden(fmt::format(
        "SignatureDoesNotMatch: Credential should be scoped to correct service: '{}'. It is scoped to '{}'.",
        kService, given.service));
  }
  const auto date = parse_amz_date(amz_date);
  if (!date) {
    return invalid_request(
        amz_date.empty()
            ? std::string("IncompleteSignature: the x-amz-date header is required.")
            : fmt::format("IncompleteSignature: x-amz-date '{}' is not of the form YYYYMMDDTHHMMSSZ.",
                          amz_date));
  }
  if (amz_date.substr(0, 8) != given.date) {
    return forbidden(
        fmt::format("SignatureDoesNotMatch: Date in Credential scope does not match YYYYMMDD from "
                    "x-amz-date: '{}' and '{}'.",
                    given.date, amz_date));
  }
  if (*date < now - kAllowedSkew) {
    return forbidden(
        fmt::format("SignatureDoesNotMatch: Signature expired: {} is now earlier than {} ({} - 5 min.). "
                    "Check the clock of the "
                    "machine that signs.",
                    amz_date, format_amz_date(now - kAllowedSkew), format_amz_date(now)));
  }
  if (*date > now + kAllowedSkew) {
    return forbidden(
        fmt::format("SignatureDoesNotMatch: Signature not yet current: {} is still later than {} ({} + 5 "
                    "min.). Check the "
                    "clock of the machine that signs.",
                    amz_date, format_amz_date(now + kAllowedSkew), format_amz_date(now)));
  }
  return {};
}

ApiResult<> check_token(const aws::Credentials& key, const net::ServerRequest& request, TimePoint now) {
  constexpr std::string_view kInvalid =
      "UnrecognizedClientException: The security token included in the request is invalid.";
  const std::string token = header(request, "x-amz-security-token");
  if (!crypto::constant_time_equal(token, key.session_token.expose()))
    return forbidden(std::string(kInvalid));
  if (key.expiration && *key.expiration <= now) {
    return unauthenticated("ExpiredTokenException: The security token included in the request is expired");
  }
  return {};
}

ApiResult<> check_signed_headers(const SignedAuthorization& given, const net::ServerRequest& request) {
  const auto is_signed = [&](std::string_view name) { return contains(given.signed_headers, name); };
  for (const std::string& name : given.signed_headers) {
    if (!has_header(request, name)) {
      return forbidden(fmt::format(
          "SignatureDoesNotMatch: the signed header '{}' is not in the request as it arrived.", name));
    }
  }
  if (!is_signed("host"))
    return forbidden("SignatureDoesNotMatch: 'Host' must be a 'SignedHeader' in the AWS Authorization.");
  for (const net::Header& entry : request.headers) {
    const std::string name = to_lower(entry.name);
    if ((name.starts_with("x-amz-") || name == "anthropic-workspace-id") && !is_signed(name)) {
      return forbidden(fmt::format(
          "SignatureDoesNotMatch: '{}' must be a 'SignedHeader' in the AWS Authorization.", name));
    }
  }
  return {};
}

ApiResult<std::string> payload_hash(const net::ServerRequest& request) {
  const std::string actual = crypto::sha256_hex(request.body);
  const std::string claimed = header(request, "x-amz-content-sha256");
  if (!claimed.empty() && claimed != actual) {
    return invalid_request(
        fmt::format("XAmzContentSHA256Mismatch: x-amz-content-sha256 '{}' does not match the body that "
                    "arrived ({} bytes, '{}').",
                    claimed, request.body.size(), actual));
  }
  return actual;
}

/// Values that may stand in an error message; others, such as a session token, are somebody's secret.
bool is_public(std::string_view name) {
  return name == "host" || name == "content-type" || name == "x-amz-date" || name == "x-amz-content-sha256" ||
         name.starts_with("anthropic-");
}

std::string canonical_headers(const SignedAuthorization& given, const net::ServerRequest& request,
                              bool for_display) {
  std::string headers;
  for (const std::string& name : given.signed_headers) {
    const bool shown = !for_display || is_public(name);
    headers += name + ":" + (shown ? canonical_value(request, name) : "…") + "\n";
  }
  return headers;
}

std::string canonical_request(const SignedAuthorization& given, const net::ServerRequest& request,
                              std::string_view hash, bool for_display) {
  const std::string_view target = request.target;
  const size_t question = target.find('?');
  const std::string_view query = question == std::string_view::npos ? "" : target.substr(question + 1);
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method,
                     aws::canonical_uri(target.substr(0, question), true, true), aws::canonical_query(query),
                     canonical_headers(given, request, for_display), join(given.signed_headers, ";"), hash);
}

std::string string_to_sign(const SignedAuthorization& given, const net::ServerRequest& request,
                           std::string_view hash, std::string_view amz_date) {
  return fmt::format("AWS4-HMAC-SHA256\n{}\n{}/{}/{}/aws4_request\n{}", amz_date, given.date, given.region,
                     given.service, crypto::sha256_hex(canonical_request(given, request, hash, false)));
}

bool is_signed_by(const aws::Credentials& key, const SignedAuthorization& given,
                  const net::ServerRequest& request, std::string_view hash, std::string_view amz_date) {
  const std::string expected =
      aws::compute_signature(key.secret_access_key, given.date, given.region, given.service,
                             string_to_sign(given, request, hash, amz_date));
  return crypto::constant_time_equal(expected, given.signature);
}

/// The platform has no port in its Host; here there is one, and official SDKs sign the name alone all the
/// same.
net::ServerRequest without_port(const net::ServerRequest& request) {
  net::ServerRequest out{.method = request.method, .target = request.target, .headers = request.headers};
  for (net::Header& entry : out.headers) {
    const size_t colon = entry.value.rfind(':');
    const bool has_port =
        colon != std::string::npos && parse_integer(std::string_view(entry.value).substr(colon + 1));
    if (equals_ignore_case(entry.name, "host") && has_port) entry.value.resize(colon);
  }
  return out;
}

/// An access key that is known, and whose it is.
struct KnownKey {
  const aws::Credentials* credentials = nullptr;
  const Principal* who = nullptr;
};

std::optional<KnownKey> find_key(const Config& config, std::string_view id) {
  const auto among = [&](const std::vector<aws::Credentials>& keys) -> const aws::Credentials* {
    const auto found = std::ranges::find(keys, id, &aws::Credentials::access_key_id);
    return found == keys.end() ? nullptr : &*found;
  };
  if (const auto* key = among(config.access_keys)) return KnownKey{key, command_line_principal(config)};
  for (const Principal& principal : config.principals) {
    if (const auto* key = among(principal.access_keys)) return KnownKey{key, &principal};
  }
  return std::nullopt;
}

Identity identity_of(std::string method, const KnownKey& key) {
  return {std::move(method), key.credentials->access_key_id, "", key.who,
          !key.credentials->session_token.empty()};
}

constexpr std::string_view kUnknownKey =
    "InvalidClientTokenId: The security token included in the request is invalid: the access key id is not "
    "known "
    "here.";

ApiResult<Identity> verify_signature(const Config& config, const net::ServerRequest& request, TimePoint now) {
  const auto given = parse_authorization(header(request, "authorization"));
  if (!given) return std::unexpected(given.error());
  const auto key = find_key(config, given->access_key_id);
  if (!key) return forbidden(std::string(kUnknownKey));
  const std::string amz_date = header(request, "x-amz-date");
  AWL_CHECK(check_scope(config, *given, amz_date, now));
  AWL_CHECK(check_token(*key->credentials, request, now));
  AWL_CHECK(check_signed_headers(*given, request));
  AWL_TRY(const std::string hash, payload_hash(request));
  const bool is_signed = is_signed_by(*key->credentials, *given, request, hash, amz_date) ||
                         is_signed_by(*key->credentials, *given, without_port(request), hash, amz_date);
  if (is_signed) return identity_of("sigv4", *key);
  return forbidden(fmt::format(
      "SignatureDoesNotMatch: The request signature we calculated does not match the signature "
      "you provided. Check your AWS Secret Access Key and signing method.\n\nThe Canonical String "
      "for this request should have been\n'{}'\n\nThe String-to-Sign should have been\n'{}'",
      canonical_request(*given, request, hash, true), string_to_sign(*given, request, hash, amz_date)));
}

bool is_among(const std::vector<Secret>& secrets, std::string_view value) {
  bool found = false;
  for (const Secret& secret : secrets) found |= crypto::constant_time_equal(secret.expose(), value);
  return found;
}

ApiResult<Identity> verify_api_key(const Config& config, const std::string& text, TimePoint now) {
  if (is_among(config.api_keys, text)) return Identity{"api key", "", "", command_line_principal(config)};
  for (const Principal& principal : config.principals) {
    if (is_among(principal.api_keys, text)) return Identity{"api key", "", "", &principal};
  }
  if (!looks_like_short_term_key(text)) {
    return forbidden(
        "The security token included in the request is invalid: the API key in x-api-key is not known here.");
  }
  AWL_TRY(const ShortTermKey given, parse_short_term_key(text));
  const auto key = find_key(config, given.access_key_id);
  if (!key) return forbidden(std::string(kUnknownKey));
  AWL_CHECK(verify_short_term_key(given, *key->credentials, config.region, now));
  return identity_of("api key", *key);
}

ApiResult<Identity> verify_bearer(const Config& config, std::string_view token) {
  if (is_among(config.bearer_tokens, token))
    return Identity{"bearer", "", "", command_line_principal(config)};
  for (const Principal& principal : config.principals) {
    if (is_among(principal.bearer_tokens, token)) return Identity{"bearer", "", "", &principal};
  }
  return unauthenticated("Invalid bearer token.");
}

ApiResult<Identity> verify_credentials(const Config& config, const net::ServerRequest& request,
                                       TimePoint now) {
  const std::string authorization = header(request, "authorization");
  const bool has_key = has_header(request, "x-api-key");
  if (has_key && !authorization.empty()) {
    return invalid_request(
        "The request carries both x-api-key and Authorization: send one kind of credentials.");
  }
  if (has_key) return verify_api_key(config, header(request, "x-api-key"), now);
  if (authorization.starts_with("Bearer "))
    return verify_bearer(config, trim(std::string_view(authorization).substr(7)));
  if (!authorization.empty()) return verify_signature(config, request, now);
  return forbidden(
      "MissingAuthenticationToken: Request is missing Authentication Token: neither Authorization nor "
      "x-api-key was sent.");
}

ApiResult<std::string> known_workspace(const Config& config, const net::ServerRequest& request) {
  const std::string workspace = header(request, "anthropic-workspace-id");
  if (workspace.empty()) return invalid_request("anthropic-workspace-id: header is required");
  if (contains(config.workspaces, workspace)) return workspace;
  if (const auto elsewhere = config.foreign_workspaces.find(workspace);
      elsewhere != config.foreign_workspaces.end()) {
    return forbidden(
        fmt::format("workspace {} is bound to region {} and cannot be used through the endpoint of {}: set "
                    "AWS_REGION and the "
                    "base URL to the workspace's region.",
                    workspace, elsewhere->second, config.region));
  }
  return forbidden(fmt::format("workspace {} not found in region {}, or it is not open to these credentials.",
                               workspace, config.region));
}

}  // namespace

ApiResult<Identity> authenticate(const Config& config, const net::ServerRequest& request, TimePoint now) {
  Identity identity{.method = "none"};
  if (config.require_auth) {
    auto verified = verify_credentials(config, request, now);
    if (!verified) return verified;
    identity = std::move(*verified);
  }
  auto workspace = known_workspace(config, request);
  if (!workspace) return std::unexpected(workspace.error());
  identity.workspace = std::move(*workspace);
  return identity;
}

}  // namespace awl::emulator
