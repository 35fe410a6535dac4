#include "tools/web_client.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "async/timeout.h"
#include "net/address.h"
#include "net/web_url.h"

namespace awl::tools {

namespace {

// Those that can give Markdown do.
constexpr const char* kAccept = "text/markdown, text/html;q=0.9, text/plain;q=0.8, */*;q=0.5";

std::unexpected<Error> out_of_reach(const net::Url& url, std::string message) {
  return fail(ErrorKind::kPermissionDenied, std::move(message),
              fmt::format("If it is meant to be reached, allow it by name: WebFetch(domain:{})",
                          url.host.contains(':') ? "[" + url.host + "]" : url.host));
}

/// What may be connected to. Names are looked at again when their address is known, but behind a proxy nobody
/// but the proxy knows it.
Result<net::AddressReach> choose_reach(const net::Url& url, bool is_named) {
  const auto literal = net::scope_of_literal(url.host);
  if (is_named)
    return literal == net::AddressScope::kLocal ? net::AddressReach::kAnywhere : net::AddressReach::kPrivate;
  if (net::is_loopback_host(url.host) ||
      literal.value_or(net::AddressScope::kPublic) != net::AddressScope::kPublic)
    return out_of_reach(url, fmt::format("{} is not an address of the public network", url.host));
  return net::AddressReach::kPublic;
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

Task<Result<>> read_body(net::HttpResponse& response, size_t max_bytes, WebAnswer& answer) {
  for (;;) {
    auto read = co_await response.read();
    AWL_CO_TRY(const std::optional<std::string> piece, std::move(read));
    if (!piece) co_return Result<>();
    if (piece->size() > max_bytes - answer.body.size()) {
      answer.body.append(*piece, 0, max_bytes - answer.body.size());
      answer.cut = true;
      co_return Result<>();
    }
    answer.body += *piece;
  }
}

class PageRequest {
 public:
  PageRequest(net::HttpClient& http, std::string user_agent, bool is_named, WebLimits limits)
      : http_(http), user_agent_(std::move(user_agent)), is_named_(is_named), limits_(limits) {}

  Task<Result<WebOutcome>> run(net::Url url) {
    for (int hop = 0; hop <= limits_.max_redirects; ++hop) {
      auto sent = co_await send(url);
      AWL_CO_TRY(const std::unique_ptr<net::HttpResponse> response, std::move(sent));
      const net::HttpResponseHead& head = response->head();
      const std::string* location = net::find_header(head.headers, "location");
      if (is_redirect(head.status) && location != nullptr) {
        auto target = net::resolve_reference(url, *location);
        if (!target) {
          co_return fail(ErrorKind::kParse, fmt::format("{} redirects to an address that cannot be used: {}",
                                                        url.to_string(), target.error().message));
        }
        net::Url next = prefer_https(std::move(*target));
        if (next.host != url.host) co_return WebRedirect{std::move(url), std::move(next), head.status};
        url = std::move(next);
        continue;
      }
      WebAnswer answer;
      answer.url = std::move(url);
      answer.status = head.status;
      if (const std::string* type = net::find_header(head.headers, "content-type"))
        answer.content_type = *type;
      auto read = co_await read_body(*response, limits_.max_bytes, answer);
      AWL_CO_CHECK(std::move(read));
      co_return answer;
    }
    co_return fail(ErrorKind::kNetwork,
                   fmt::format("{} redirects more than {} times", url.to_string(), limits_.max_redirects));
  }

 private:
  Task<Result<std::unique_ptr<net::HttpResponse>>> send(const net::Url& url) {
    AWL_CO_TRY(const net::AddressReach reach, choose_reach(url, is_named_));
    net::HttpRequest request;
    request.url = url.to_string();
    request.headers = {{"user-agent", user_agent_}, {"accept", kAccept}};
    request.connect_timeout = limits_.connect_timeout;
    request.total_timeout = limits_.total_timeout;
    request.reach = reach;
    request.accept_compressed = true;
    auto sent = co_await http_.send(std::move(request));
    if (!sent && sent.error().kind == ErrorKind::kPermissionDenied)
      co_return out_of_reach(url, sent.error().message);
    co_return std::move(sent);
  }

  net::HttpClient& http_;
  std::string user_agent_;
  bool is_named_;
  WebLimits limits_;
};

}  // namespace

net::Url prefer_https(net::Url url) {
  if (url.scheme == "https" || net::is_loopback_host(url.host)) return url;
  if (url.has_default_port()) url.port = 443;
  url.scheme = "https";
  return url;
}

Task<Result<WebOutcome>> get_page(net::HttpClient& http, net::Url url, std::string user_agent, bool is_named,
                                  WebLimits limits) {
  const std::string shown = url.to_string();
  PageRequest request(http, std::move(user_agent), is_named, limits);
  auto outcome = co_await async::with_timeout(request.run(std::move(url)), limits.total_timeout);
  if (!outcome) {
    co_return fail(ErrorKind::kTimeout, fmt::format("{} did not answer completely within {} s", shown,
                                                    limits.total_timeout.count() / 1000));
  }
  co_return std::move(*outcome);
}

std::string_view status_text(int status) {
  static constexpr std::pair<int, std::string_view> kTexts[] = {
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {203, "Non-Authoritative Information"},
      {204, "No Content"},
      {206, "Partial Content"},
      {301, "Moved Permanently"},
      {302, "Found"},
      {303, "See Other"},
      {304, "Not Modified"},
      {307, "Temporary Redirect"},
      {308, "Permanent Redirect"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {402, "Payment Required"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {410, "Gone"},
      {418, "I'm a teapot"},
      {429, "Too Many Requests"},
      {451, "Unavailable For Legal Reasons"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {502, "Bad Gateway"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
  };
  for (const auto& [number, text] : kTexts) {
    if (number == status) return text;
  }
  return "";
}

}  // namespace awl::tools
