#include "emulator/authorization_header.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"

namespace awl::emulator {

namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

std::unexpected<ApiError> incomplete(std::string_view what) {
  return invalid_request(fmt::format("IncompleteSignature: {}", what));
}

ApiResult<> take_credential(std::string_view value, SignedAuthorization& out) {
  const std::vector<std::string_view> parts = split(value, '/');
  if (parts.size() != 5) {
    return incomplete(
        "Credential must have five parts separated by slashes: key id, date, region, service, aws4_request.");
  }
  out.access_key_id = std::string(parts[0]);
  out.date = std::string(parts[1]);
  out.region = std::string(parts[2]);
  out.service = std::string(parts[3]);
  if (parts[4] != "aws4_request")
    return incomplete("Credential should be scoped with a valid terminator: aws4_request.");
  if (out.date.size() != 8 || !parse_integer(out.date))
    return incomplete("Date in Credential must be of the form YYYYMMDD.");
  return {};
}

ApiResult<> take_signed_headers(std::string_view value, SignedAuthorization& out) {
  for (const std::string_view name : split(value, ';')) {
    if (name.empty() || name != to_lower(name))
      return incomplete("SignedHeaders must be lower-case names separated by semicolons.");
    out.signed_headers.emplace_back(name);
  }
  if (!std::ranges::is_sorted(out.signed_headers)) return incomplete("SignedHeaders must be sorted.");
  return {};
}

}  // namespace

ApiResult<SignedAuthorization> parse_authorization(std::string_view header) {
  const size_t space = header.find(' ');
  if (header.substr(0, space) != kAlgorithm) {
    return incomplete(fmt::format("Unsupported algorithm '{}'; this service takes {}.",
                                  header.substr(0, space), kAlgorithm));
  }
  SignedAuthorization out;
  bool has_credential = false;
  for (const std::string_view part :
       split(space == std::string_view::npos ? "" : header.substr(space + 1), ',')) {
    const std::string_view field = trim(part);
    const size_t equals = field.find('=');
    const std::string_view name = field.substr(0, equals);
    const std::string_view value = equals == std::string_view::npos ? "" : field.substr(equals + 1);
    if (name == "Credential") {
      has_credential = true;
      if (auto ok = take_credential(value, out); !ok) return std::unexpected(ok.error());
    } else if (name == "SignedHeaders") {
      if (auto ok = take_signed_headers(value, out); !ok) return std::unexpected(ok.error());
    } else if (name == "Signature") {
      out.signature = std::string(value);
    }
  }
  if (!has_credential) return incomplete("Authorization header requires 'Credential' parameter.");
  if (out.signed_headers.empty())
    return incomplete("Authorization header requires 'SignedHeaders' parameter.");
  if (out.signature.empty()) return incomplete("Authorization header requires 'Signature' parameter.");
  return out;
}

std::optional<TimePoint> parse_amz_date(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  const auto number = [&](size_t at, size_t length) {
    return parse_integer(text.substr(at, length)).value_or(-1);
  };
  const long long hour = number(9, 2);
  const long long minute = number(11, 2);
  const long long second = number(13, 2);
  const std::chrono::year_month_day day{std::chrono::year(static_cast<int>(number(0, 4))),
                                        std::chrono::month(static_cast<unsigned>(number(4, 2))),
                                        std::chrono::day(static_cast<unsigned>(number(6, 2)))};
  if (!day.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    return std::nullopt;
  return std::chrono::sys_days(day) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

}  // namespace awl::emulator
