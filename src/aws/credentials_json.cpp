#include "aws/credentials_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "aws/static_keys.h"
#include "aws/timestamp.h"
#include "json/json.h"

namespace awl::aws {

namespace {

std::unexpected<Error> unusable(const std::string& place, std::string_view why) {
  return fail(ErrorKind::kCredentials, fmt::format("{} cannot be used: {}", place, why));
}

Result<json::Value> parse_object(std::string_view text, const std::string& place) {
  auto value = json::parse(text);
  if (!value) return unusable(place, fmt::format("it is not JSON ({})", value.error().message));
  if (!value->is_object()) return unusable(place, "it is not a JSON object");
  return value;
}

Result<Credentials> to_credentials(const json::Value& object, const std::string& place, std::string source,
                                   TimePoint now) {
  const bool short_token = !object.contains("SessionToken") && object.contains("Token");
  const std::string token_name = short_token ? "Token" : "SessionToken";
  const StaticKeys keys{{"AccessKeyId", json::string_or_empty(object, "AccessKeyId")},
                        {"SecretAccessKey", json::string_or_empty(object, "SecretAccessKey")},
                        {token_name, json::string_or_empty(object, token_name)},
                        place,
                        std::move(source)};
  auto credentials = aws::to_credentials(keys);
  if (!credentials && credentials.error().kind == ErrorKind::kNotFound)
    return unusable(place, "it has neither AccessKeyId nor SecretAccessKey");
  if (!credentials) return credentials;
  const json::Value* expiration = json::find(object, "Expiration");
  if (expiration == nullptr || expiration->is_null()) return credentials;
  if (expiration->is_string()) credentials->expiration = parse_timestamp(expiration->get<std::string>());
  if (!credentials->expiration)
    return unusable(place, "its Expiration is not a time like 2026-01-02T03:04:05Z");
  if (*credentials->expiration <= now)
    return unusable(place, fmt::format("they expired at {}", format_iso8601(*credentials->expiration)));
  return credentials;
}

}  // namespace

Result<Credentials> parse_credentials_json(std::string_view text, const std::string& place,
                                           std::string source, TimePoint now) {
  AWL_TRY(const json::Value object, parse_object(text, place));
  return to_credentials(object, place, std::move(source), now);
}

Result<Credentials> parse_process_output(std::string_view text, const std::string& place, std::string source,
                                         TimePoint now) {
  AWL_TRY(const json::Value object, parse_object(text, place));
  if (json::get_integer(object, "Version") != 1) return unusable(place, "its Version is not 1");
  return to_credentials(object, place, std::move(source), now);
}

Result<Credentials> parse_export(std::string_view text, const std::string& place, std::string source,
                                 TimePoint now) {
  AWL_TRY(const json::Value object, parse_object(text, place));
  const json::Value* inner = json::find(object, "Credentials");
  if (inner != nullptr && inner->is_object()) return to_credentials(*inner, place, std::move(source), now);
  return to_credentials(object, place, std::move(source), now);
}

}  // namespace awl::aws
