#include "net/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address_v6.hpp>

#include "base/strings.h"

namespace awl::net {

namespace {

constexpr std::string_view kForm = "An address looks like https://host:port/path";

bool is_host_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_';
}

std::unexpected<Error> invalid(std::string_view text, std::string_view problem) {
  // Query and user information can be secrets.
  std::string_view shown = text.substr(0, text.find_first_of("?#"));
  if (const size_t at = shown.rfind('@'); at != std::string_view::npos) shown.remove_prefix(at + 1);
  return fail(ErrorKind::kInvalidInput, fmt::format("the URL \"{}\" {}", shown, problem), std::string(kForm));
}

Result<uint16_t> parse_port(std::string_view text, std::string_view port) {
  const auto number = parse_integer(port);
  if (!number || *number < 1 || *number > 65535)
    return invalid(text, "has a port that is not between 1 and 65535");
  return static_cast<uint16_t>(*number);
}

// "host", "host:port", "[v6]" or "[v6]:port" into `url`.
Result<> parse_authority(std::string_view text, std::string_view authority, Url& url) {
  std::string_view host = authority;
  std::string_view rest;
  if (authority.starts_with('[')) {
    const size_t bracket = authority.find(']');
    if (bracket == std::string_view::npos) return invalid(text, "has a \"[\" without its \"]\"");
    host = authority.substr(1, bracket - 1);
    rest = authority.substr(bracket + 1);
    boost::system::error_code error;
    boost::asio::ip::make_address_v6(std::string(host), error);
    if (error || host.contains('%')) return invalid(text, "has no IPv6 address between its brackets");
  } else {
    const size_t colon = authority.find(':');
    host = authority.substr(0, colon);
    rest = colon == std::string_view::npos ? std::string_view() : authority.substr(colon);
    if (host.empty()) return invalid(text, "has no host");
    if (!std::ranges::all_of(host, is_host_char))
      return invalid(text, "has a host with a character that no name has");
  }
  url.host = to_lower(host);
  if (rest.empty()) return {};
  if (!rest.starts_with(':')) return invalid(text, "has something other than a port after its host");
  rest.remove_prefix(1);
  if (rest.empty()) return {};  // RFC 3986 allows an empty port: the default
  AWL_TRY(url.port, parse_port(text, rest));
  return {};
}

}  // namespace

std::string Url::authority() const {
  std::string text = host.contains(':') ? "[" + host + "]" : host;
  if (!has_default_port()) text += fmt::format(":{}", port);
  return text;
}

std::string Url::target() const { return query.empty() ? path : path + "?" + query; }

std::string Url::to_string() const { return scheme + "://" + authority() + target(); }

Result<Url> parse_url(std::string_view text) {
  // What is not printable ASCII would have to be encoded, and encoding changes bytes that others sign and
  // compare.
  if (!std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; })) {
    return fail(ErrorKind::kInvalidInput,
                "the URL contains a space, a control character or a letter outside ASCII",
                "Write such characters percent-encoded");
  }
  const size_t separator = text.find("://");
  if (separator == std::string_view::npos) return invalid(text, "has no scheme");
  Url url;
  url.scheme = to_lower(text.substr(0, separator));
  if (url.scheme != "http" && url.scheme != "https")
    return invalid(text, "has a scheme other than http and https");
  url.port = url.scheme == "https" ? 443 : 80;

  std::string_view rest = text.substr(separator + 3);
  rest = rest.substr(0, rest.find('#'));  // a fragment is never sent
  const size_t authority_end = std::min(rest.find_first_of("/?"), rest.size());
  const std::string_view authority = rest.substr(0, authority_end);
  if (authority.contains('@')) {
    return fail(ErrorKind::kInvalidInput, "the URL contains a user name or password before its host",
                "Credentials do not belong into a URL: remove everything up to the \"@\"");
  }
  AWL_CHECK(parse_authority(text, authority, url));

  const std::string_view target = rest.substr(authority_end);
  const size_t question = target.find('?');
  url.path = target.substr(0, question);
  if (url.path.empty()) url.path = "/";
  if (question != std::string_view::npos) url.query = target.substr(question + 1);
  return url;
}

}  // namespace awl::net
