#include "emulator/short_term_key.h"

#include <fmt/format.h>

#include <map>

#include "aws/sigv4.h"
#include "base/encoding.h"
#include "base/strings.h"
#include "crypto/sha256.h"
#include "emulator/authorization_header.h"
#include "emulator/platform_routes.h"

namespace awl::emulator {

namespace {

constexpr std::string_view kPrefix = "aws-external-anthropic-api-key-";
constexpr std::string_view kHost = "aws-external-anthropic.amazonaws.com";
constexpr long long kMaxLifetimeSeconds = 43'200;
constexpr std::chrono::minutes kAllowedKeySkew{5};
constexpr size_t kMaxBytes = 16 << 10;

std::unexpected<ApiError> malformed(std::string_view what) {
  return forbidden(fmt::format("InvalidClientTokenId: the short-term API key is malformed: {}.", what));
}

/// The parameters by name, and the query without those that the signature does not cover.
struct Query {
  std::map<std::string, std::string> values;
  std::string covered;
};

ApiResult<Query> parse_query(std::string_view text) {
  Query query;
  for (const std::string_view pair : split(text, '&')) {
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos) return malformed("a parameter of its query has no value");
    const std::string name(pair.substr(0, equals));
    if (!query.values.emplace(name, percent_decode(pair.substr(equals + 1))).second)
      return malformed(fmt::format("the parameter {} stands twice", name));
    if (name == "X-Amz-Signature" || name == "Version") continue;
    if (!query.covered.empty()) query.covered += '&';
    query.covered += pair;
  }
  return query;
}

ApiResult<> take_scope(const std::string& credential, ShortTermKey& out) {
  const auto parts = split(credential, '/');
  if (parts.size() != 5 || parts[4] != "aws4_request")
    return malformed("X-Amz-Credential is not KEY/DATE/REGION/SERVICE/aws4_request");
  out.access_key_id = std::string(parts[0]);
  out.date = std::string(parts[1]);
  out.region = std::string(parts[2]);
  out.service = std::string(parts[3]);
  return {};
}

}  // namespace

bool looks_like_short_term_key(std::string_view text) { return text.starts_with(kPrefix); }

ApiResult<ShortTermKey> parse_short_term_key(std::string_view text) {
  if (!looks_like_short_term_key(text)) return malformed("it does not begin as they do");
  if (text.size() > kMaxBytes) return malformed("it is too long");
  const auto decoded = from_base64(text.substr(kPrefix.size()));
  if (!decoded) return malformed("what follows its prefix is not base64");
  const std::string host_and_path = std::string(kHost) + "/?";
  if (!decoded->starts_with(host_and_path)) return malformed(fmt::format("it is not a request to {}", kHost));
  AWL_TRY(Query query, parse_query(std::string_view(*decoded).substr(host_and_path.size())));
  const auto value = [&](const char* name) { return query.values[name]; };
  if (value("Action") != "CallWithBearerToken") return malformed("Action is not CallWithBearerToken");
  if (value("Version") != "1") return malformed("Version is not 1");
  if (value("X-Amz-Algorithm") != "AWS4-HMAC-SHA256")
    return malformed("X-Amz-Algorithm is not AWS4-HMAC-SHA256");
  if (value("X-Amz-SignedHeaders") != "host") return malformed("X-Amz-SignedHeaders is not host");
  ShortTermKey key;
  AWL_CHECK(take_scope(value("X-Amz-Credential"), key));
  const auto lifetime = parse_integer(value("X-Amz-Expires"));
  if (!lifetime || *lifetime < 1 || *lifetime > kMaxLifetimeSeconds)
    return malformed("X-Amz-Expires is not from 1 to 43200 seconds");
  key.lifetime_s = *lifetime;
  key.amz_date = value("X-Amz-Date");
  key.signature = value("X-Amz-Signature");
  if (key.signature.empty()) return malformed("it has no X-Amz-Signature");
  key.session_token = value("X-Amz-Security-Token");
  key.signed_query = std::move(query.covered);
  return key;
}

ApiResult<> verify_short_term_key(const ShortTermKey& given, const aws::Credentials& key,
                                  std::string_view region, TimePoint now) {
  if (given.service != kPlatformService)
    return malformed(fmt::format("it is for the service '{}', not '{}'", given.service, kPlatformService));
  const auto date = parse_amz_date(given.amz_date);
  if (!date || given.amz_date.substr(0, 8) != given.date)
    return malformed("X-Amz-Date is missing, or is not the day of X-Amz-Credential");
  const std::string canonical =
      fmt::format("POST\n/\n{}\nhost:{}\n\nhost\n{}", aws::canonical_query(given.signed_query), kHost,
                  crypto::sha256_hex(""));
  const std::string to_sign =
      fmt::format("AWS4-HMAC-SHA256\n{}\n{}/{}/{}/aws4_request\n{}", given.amz_date, given.date, given.region,
                  given.service, crypto::sha256_hex(canonical));
  const std::string expected =
      aws::compute_signature(key.secret_access_key, given.date, given.region, given.service, to_sign);
  const bool is_signed = crypto::constant_time_equal(expected, given.signature);
  if (!is_signed || !crypto::constant_time_equal(given.session_token, key.session_token.expose())) {
    return forbidden(
        "SignatureDoesNotMatch: the signature of the short-term API key is not that of the credentials it "
        "names.");
  }
  if (given.region != region) {
    return forbidden(
        fmt::format("SignatureDoesNotMatch: the short-term API key is for the region '{}', and this endpoint "
                    "serves '{}'.",
                    given.region, region));
  }
  if (*date > now + kAllowedKeySkew)
    return forbidden(
        fmt::format("SignatureDoesNotMatch: Signature not yet current: {} is still later than {}.",
                    given.amz_date, format_amz_date(now)));
  const TimePoint end = *date + std::chrono::seconds(given.lifetime_s);
  if (end <= now || (key.expiration && *key.expiration <= now)) {
    return unauthenticated(fmt::format(
        "ExpiredTokenException: the short-term API key has expired: it was made at {} for {} seconds.",
        given.amz_date, given.lifetime_s));
  }
  return {};
}

}  // namespace awl::emulator
