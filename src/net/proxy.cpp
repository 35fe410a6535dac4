#include "net/proxy.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "base/encoding.h"
#include "base/strings.h"

namespace awl::net {

namespace {

namespace ip = boost::asio::ip;

constexpr std::string_view kProxyForm =
    "A proxy is written as http://host:port or http://user:password@host:port.";

std::optional<ip::address> parse_address(const std::string& text) {
  boost::system::error_code error;
  const ip::address address = ip::make_address(text, error);
  if (error) return std::nullopt;
  return address;
}

template <typename Bytes>
bool same_prefix(const Bytes& a, const Bytes& b, int bits) {
  for (size_t i = 0; i < a.size() && bits > 0; ++i, bits -= 8) {
    const int mask = bits >= 8 ? 0xFF : 0xFF << (8 - bits) & 0xFF;
    if ((a[i] & mask) != (b[i] & mask)) return false;
  }
  return true;
}

bool in_network(const std::string& host, const std::string& network, int bits) {
  const auto address = parse_address(host);
  const auto base = parse_address(network);
  if (!address || !base || address->is_v4() != base->is_v4() || bits < 0) return false;
  if (address->is_v4())
    return bits <= 32 && same_prefix(address->to_v4().to_bytes(), base->to_v4().to_bytes(), bits);
  return bits <= 128 && same_prefix(address->to_v6().to_bytes(), base->to_v6().to_bytes(), bits);
}

bool is_blank(char c) { return c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::vector<std::string_view> split_list(std::string_view list) {
  std::vector<std::string_view> words;
  while (!list.empty()) {
    const auto* begin = std::ranges::find_if_not(list, is_blank);
    const auto* end = std::find_if(begin, list.end(), is_blank);
    if (begin != end) words.emplace_back(begin, end);
    list = std::string_view(end, list.end());
  }
  return words;
}

}  // namespace

std::string_view Proxy::name() const {
  std::string_view text = url;
  if (const size_t scheme = text.find("://"); scheme != std::string_view::npos)
    text.remove_prefix(scheme + 3);
  return text;
}

Result<Proxy> parse_proxy(std::string_view text) {
  text = trim(text);
  const size_t scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos)
    return fail(ErrorKind::kInvalidInput, "the proxy's address has no scheme such as http://",
                std::string(kProxyForm));
  const std::string scheme = to_lower(text.substr(0, scheme_end));
  if (scheme.starts_with("socks"))
    return fail(ErrorKind::kUnsupported, "SOCKS proxies are not supported", std::string(kProxyForm));
  std::string_view rest = text.substr(scheme_end + 3);
  const size_t end = std::min(rest.find_first_of("/?#"), rest.size());
  if (rest.substr(end).find('@') != std::string_view::npos) {
    return fail(ErrorKind::kInvalidInput,
                "the proxy's user name or password has a /, ? or # that is not percent-encoded",
                std::string(kProxyForm));
  }
  rest = rest.substr(0, end);
  Proxy proxy;
  if (const size_t at = rest.rfind('@'); at != std::string_view::npos) {
    const std::string_view credentials = rest.substr(0, at);
    const size_t colon = credentials.find(':');
    proxy.user = percent_decode(credentials.substr(0, colon));
    if (colon != std::string_view::npos)
      proxy.password = Secret(percent_decode(credentials.substr(colon + 1)));
    proxy.has_credentials = true;
    rest.remove_prefix(at + 1);
  }
  const auto url = parse_url(scheme + "://" + std::string(rest));
  if (!url) return fail(ErrorKind::kInvalidInput, url.error().message, std::string(kProxyForm));
  const bool v6 = url->host.contains(':');
  proxy.url = scheme + "://" + (v6 ? "[" + url->host + "]" : url->host) + ":" + std::to_string(url->port);
  return proxy;
}

NoProxy::NoProxy(std::string_view list) {
  for (std::string_view word : split_list(list)) {
    Entry entry;
    if (const size_t scheme = word.find("://"); scheme != std::string_view::npos)
      word.remove_prefix(scheme + 3);
    // One colon divides host and port; more of them are an IPv6 address.
    const size_t bracket = word.find(']');
    if (word.starts_with('[') && bracket != std::string_view::npos) {
      const std::string_view port = word.substr(bracket + 1);
      if (port.starts_with(':')) {
        if (const auto number = parse_integer(port.substr(1))) entry.port = static_cast<uint16_t>(*number);
      }
      word = word.substr(1, bracket - 1);
    } else if (std::ranges::count(word, ':') == 1) {
      const size_t colon = word.find(':');
      if (const auto number = parse_integer(word.substr(colon + 1)))
        entry.port = static_cast<uint16_t>(*number);
      word = word.substr(0, colon);
    }
    if (const size_t slash = word.find('/'); slash != std::string_view::npos) {
      const auto bits = parse_integer(word.substr(slash + 1));
      if (!bits || *bits > 128) continue;
      entry.prefix_bits = static_cast<int>(*bits);
      word = word.substr(0, slash);
    }
    if (word.starts_with("*.")) word.remove_prefix(1);
    if (word.starts_with('.')) word.remove_prefix(1);
    if (word.ends_with('.')) word.remove_suffix(1);
    if (word.empty()) continue;
    entry.host = to_lower(word);
    entries_.push_back(std::move(entry));
  }
}

bool NoProxy::covers(const Url& url) const {
  return std::ranges::any_of(entries_, [&url](const Entry& entry) { return matches(entry, url); });
}

bool NoProxy::matches(const Entry& entry, const Url& url) {
  if (entry.port && *entry.port != url.port) return false;
  if (entry.host == "*") return true;
  if (entry.prefix_bits) return in_network(url.host, entry.host, *entry.prefix_bits);
  std::string_view host = url.host;
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host == entry.host) return true;
  if (const auto address = parse_address(std::string(host))) return address == parse_address(entry.host);
  return host.size() > entry.host.size() && host.ends_with(entry.host) &&
         host[host.size() - entry.host.size() - 1] == '.';
}

}  // namespace awl::net
