#include "aws/short_term_key.h"

#include <fmt/format.h>

#include "aws/sigv4.h"
#include "base/encoding.h"
#include "base/strings.h"
#include "crypto/sha256.h"

namespace awl::aws {

namespace {

constexpr std::string_view kKeyPrefix = "aws-external-anthropic-api-key-";
constexpr std::string_view kKeyHost = "aws-external-anthropic.amazonaws.com";
constexpr std::string_view kKeyService = "aws-external-anthropic";
constexpr std::string_view kKeyAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kLifetimeForm = "Write it as 90s, 15m, 1h or 1h30m; the most is 12h.";

std::string parameter(std::string_view name, std::string_view value) {
  return fmt::format("{}={}", name, percent_encode(value));
}

std::string whole_duration(std::chrono::seconds time) {
  const auto seconds = time.count();
  if (seconds % 3600 == 0) return fmt::format("{} h", seconds / 3600);
  return seconds % 60 == 0 ? fmt::format("{} min", seconds / 60) : fmt::format("{} s", seconds);
}

Result<> check_lifetime(const Credentials& credentials, TimePoint now, std::chrono::seconds lifetime) {
  if (lifetime < std::chrono::seconds(1) || lifetime > kMaxKeyLifetime) {
    return fail(ErrorKind::kInvalidInput,
                fmt::format("a short-term key cannot be valid for {}", whole_duration(lifetime)),
                std::string(kLifetimeForm));
  }
  if (!credentials.expiration || now + lifetime <= *credentials.expiration) return {};
  const auto left = std::chrono::duration_cast<std::chrono::seconds>(*credentials.expiration - now);
  if (left < std::chrono::seconds(1)) {
    return fail(
        ErrorKind::kCredentials,
        fmt::format(
            "the AWS credentials ({}) have expired, and a key lives no longer than what it is made from",
            credentials.source),
        "Renew them (`awl auth refresh`, `aws sso login`) and try again.");
  }
  return fail(
      ErrorKind::kCredentials,
      fmt::format("the AWS credentials ({}) expire at {}, too soon for a key that is to be valid for {}",
                  credentials.source, format_iso8601(*credentials.expiration), whole_duration(lifetime)),
      fmt::format("Renew them first (`awl auth refresh`), or ask for at most --ttl {}s.", left.count()));
}

}  // namespace

Result<NewShortTermKey> make_short_term_key(const Credentials& credentials, const std::string& region,
                                            TimePoint now, std::chrono::seconds lifetime) {
  AWL_CHECK(check_lifetime(credentials, now, lifetime));
  const std::string time = format_amz_date(now);
  const std::string day = time.substr(0, time.find('T'));
  const std::string scope = fmt::format("{}/{}/{}/aws4_request", day, region, kKeyService);

  std::string query = fmt::format(
      "Action=CallWithBearerToken&{}&{}&{}&{}", parameter("X-Amz-Algorithm", kKeyAlgorithm),
      parameter("X-Amz-Credential", credentials.access_key_id + "/" + scope), parameter("X-Amz-Date", time),
      parameter("X-Amz-Expires", fmt::format("{}", lifetime.count())));
  if (!credentials.session_token.empty())
    query += "&" + parameter("X-Amz-Security-Token", credentials.session_token.expose());
  constexpr std::string_view kSignedHeaders = "X-Amz-SignedHeaders=host";

  const std::string canonical = fmt::format("POST\n/\n{}&{}\nhost:{}\n\nhost\n{}", query, kSignedHeaders,
                                            kKeyHost, crypto::sha256_hex(""));
  const std::string to_sign =
      fmt::format("{}\n{}\n{}\n{}", kKeyAlgorithm, time, scope, crypto::sha256_hex(canonical));
  const std::string signature =
      compute_signature(credentials.secret_access_key, day, region, kKeyService, to_sign);
  // The version is added after signing: it is not part of what is signed.
  const std::string presigned =
      fmt::format("{}/?{}&X-Amz-Signature={}&{}&Version=1", kKeyHost, query, signature, kSignedHeaders);
  return NewShortTermKey{Secret(std::string(kKeyPrefix) + to_base64(presigned)), now + lifetime};
}

Result<std::chrono::seconds> parse_lifetime(std::string_view text) {
  const auto unusable = [text] {
    return fail(ErrorKind::kInvalidInput, fmt::format("\"{}\" is not a length of time", text),
                std::string(kLifetimeForm));
  };
  std::string_view rest = trim(text);
  if (const auto seconds = parse_integer(rest))
    return *seconds > kMaxKeyLifetime.count() ? kMaxKeyLifetime + std::chrono::seconds(1)
                                              : std::chrono::seconds(*seconds);
  std::chrono::seconds sum{0};
  if (rest.empty()) return unusable();
  while (!rest.empty()) {
    const size_t unit = rest.find_first_not_of("0123456789");
    if (unit == std::string_view::npos) return unusable();
    const auto number = parse_integer(rest.substr(0, unit));
    if (!number || *number > kMaxKeyLifetime.count()) return unusable();
    switch (rest[unit]) {
      case 'h':
        sum += std::chrono::hours(*number);
        break;
      case 'm':
        sum += std::chrono::minutes(*number);
        break;
      case 's':
        sum += std::chrono::seconds(*number);
        break;
      default:
        return unusable();
    }
    rest.remove_prefix(unit + 1);
  }
  return sum;
}

}  // namespace awl::aws
