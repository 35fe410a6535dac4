#include "net/web_url.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "base/encoding.h"
#include "base/strings.h"
#include "net/address.h"
#include "net/idn.h"

namespace awl::net {

namespace {

constexpr size_t kMaxUrlBytes = 2000;
constexpr size_t kMaxHostBytes = 253;

bool is_control(char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

// One part of an IPv4 address: decimal, octal after 0, hexadecimal after 0x.
std::optional<uint64_t> parse_ipv4_part(std::string_view part) {
  int base = 10;
  if (part.starts_with("0x")) {
    part.remove_prefix(2);
    base = 16;
  } else if (part.size() > 1 && part.starts_with('0')) {
    part.remove_prefix(1);
    base = 8;
  }
  if (part.empty()) return base == 16 ? std::optional<uint64_t>(0) : std::nullopt;
  uint64_t value = 0;
  const auto parsed = std::from_chars(part.data(), part.data() + part.size(), value, base);
  if (parsed.ec != std::errc() || parsed.ptr != part.data() + part.size()) return std::nullopt;
  return value;
}

// A host whose last part is a number is an IPv4 address, or nothing (WHATWG URL, "ends in a number").
bool ends_in_number(std::string_view host) {
  const std::string_view last = host.substr(host.rfind('.') + 1);
  if (last.empty()) return false;
  return std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; }) ||
         (last.starts_with("0x") && last.find_first_not_of("0123456789abcdef", 2) == std::string_view::npos);
}

Result<std::string> canonical_ipv4(std::string_view host) {
  const auto invalid = [host] {
    return fail(ErrorKind::kInvalidInput, fmt::format("the host {} is not an IPv4 address", host));
  };
  const std::vector<std::string_view> parts = split(host, '.');
  if (parts.size() > 4) return invalid();
  uint64_t address = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto value = parse_ipv4_part(parts[i]);
    // The last part fills what is left.
    const size_t bytes = i + 1 < parts.size() ? 1 : 5 - parts.size();
    if (!value || *value >= uint64_t{1} << (8 * bytes)) return invalid();
    address = (address << (8 * bytes)) | *value;
  }
  return fmt::format("{}.{}.{}.{}", address >> 24U & 255U, address >> 16U & 255U, address >> 8U & 255U,
                     address & 255U);
}

Result<std::string> canonical_ipv6(std::string_view inside) {
  in6_addr address{};
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (::inet_pton(AF_INET6, std::string(inside).c_str(), &address) != 1 ||
      ::inet_ntop(AF_INET6, &address, text.data(), text.size()) == nullptr)
    return fail(ErrorKind::kInvalidInput, fmt::format("[{}] is not an IPv6 address", inside));
  return std::string(text.data());
}

Result<> check_name(std::string_view host) {
  const auto invalid = [host](std::string_view problem) {
    return fail(ErrorKind::kInvalidInput, fmt::format("the host \"{}\" {}", host, problem));
  };
  if (host.empty()) return fail(ErrorKind::kInvalidInput, "the URL has no host");
  if (host.size() > kMaxHostBytes) return invalid("is longer than a name can be");
  if (!std::ranges::all_of(host, is_name_char)) return invalid("has a character that no name has");
  for (const std::string_view label : split(host, '.')) {
    if (label.empty()) return invalid("has an empty part");
    if (label.size() > 63) return invalid("has a part of more than 63 letters");
  }
  return {};
}

struct Pieces {
  std::string_view authority;
  std::string_view target;
};

Pieces cut(std::string_view after_scheme) {
  const size_t end = std::min(after_scheme.find_first_of("/?#"), after_scheme.size());
  std::string_view target = after_scheme.substr(end);
  return {after_scheme.substr(0, end), target.substr(0, target.find('#'))};
}

// "%" stays: what is encoded already is left alone.
std::string encode_target(std::string_view target) {
  return percent_encode(target, "/?:@!$&'()*+,;=%[]|~{}^`\\");
}

// "/a/b/../c" is "/a/c" (RFC 3986, 5.2.4).
std::string remove_dots(std::string_view path) {
  std::vector<std::string_view> kept;
  const std::vector<std::string_view> parts = split(path, '/');
  for (size_t i = 1; i < parts.size(); ++i) {
    const bool is_last = i + 1 == parts.size();
    if (parts[i] == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (parts[i] != ".") {
      kept.push_back(parts[i]);
      continue;
    }
    if (is_last) kept.emplace_back();
  }
  std::string out;
  for (const std::string_view part : kept) out.append("/").append(part);
  return out.empty() ? "/" : out;
}

bool has_scheme(std::string_view reference) {
  const size_t colon = reference.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view scheme = reference.substr(0, colon);
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return is_letter(scheme.front()) && std::ranges::all_of(scheme, [&](char c) {
           return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
         });
}

}  // namespace

Result<std::string> canonical_host(std::string_view text) {
  if (text.starts_with('[')) {
    if (!text.ends_with(']') || text.contains('\0'))
      return fail(ErrorKind::kInvalidInput, "the host has a \"[\" without its \"]\"");
    return canonical_ipv6(text.substr(1, text.size() - 2));
  }
  std::string host(text);
  if (!is_ascii(text)) {
    AWL_TRY(host, to_ascii_host(text));
  }
  host = to_lower(host);
  if (host.ends_with('.')) host.pop_back();
  AWL_CHECK(check_name(host));
  return ends_in_number(host) ? canonical_ipv4(host) : Result<std::string>(host);
}

Result<Url> parse_web_url(std::string_view text) {
  text = trim(text);
  if (text.size() > kMaxUrlBytes)
    return fail(ErrorKind::kInvalidInput, fmt::format("the URL is longer than {} bytes", kMaxUrlBytes));
  if (std::ranges::any_of(text, is_control))
    return fail(ErrorKind::kInvalidInput, "the URL contains a control character");
  const size_t separator = text.find("://");
  if (separator == std::string_view::npos)
    return fail(ErrorKind::kInvalidInput, fmt::format("the URL \"{}\" has no scheme", text),
                "It begins with https://");
  const auto [authority, target] = cut(text.substr(separator + 3));
  if (authority.contains('@') || authority.contains('\\') || authority.contains('%'))
    return fail(ErrorKind::kInvalidInput,
                "the URL has something other than a plain host and port before its path",
                "User names, passwords, backslashes and percent signs do not belong there");
  std::string_view host = authority;
  std::string_view port;
  if (const size_t colon = authority.rfind(':');
      colon != std::string_view::npos && !authority.substr(colon).contains(']')) {
    host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  AWL_TRY(std::string name, canonical_host(host));
  if (name.contains(':')) name = "[" + name + "]";
  return parse_url(fmt::format("{}://{}{}{}", text.substr(0, separator), name, port, encode_target(target)));
}

Result<Url> resolve_reference(const Url& base, std::string_view reference) {
  reference = trim(reference);
  if (has_scheme(reference)) return parse_web_url(reference);
  if (reference.starts_with("//")) return parse_web_url(base.scheme + ":" + std::string(reference));
  if (reference.size() > kMaxUrlBytes)
    return fail(ErrorKind::kInvalidInput, fmt::format("the URL is longer than {} bytes", kMaxUrlBytes));
  reference = reference.substr(0, reference.find('#'));
  Url url = base;
  if (reference.empty()) return url;
  if (std::ranges::any_of(reference, is_control))
    return fail(ErrorKind::kInvalidInput, "the URL contains a control character");
  const std::string encoded = encode_target(reference);
  const size_t question = encoded.find('?');
  const std::string path = encoded.substr(0, question);
  url.query = question == std::string::npos ? "" : encoded.substr(question + 1);
  if (path.starts_with('/')) {
    url.path = remove_dots(path);
  } else if (!path.empty()) {
    url.path = remove_dots(base.path.substr(0, base.path.rfind('/') + 1) + path);
  }
  return url;
}

bool is_loopback_host(std::string_view canonical_host) {
  return canonical_host == "localhost" || canonical_host.ends_with(".localhost") ||
         scope_of_literal(canonical_host) == AddressScope::kLoopback;
}

}  // namespace awl::net
