#include "net/download.h"

#include <fmt/format.h>

#include "async/timeout.h"
#include "net/url.h"
#include "net/web_url.h"

namespace awl::net {

namespace {

bool is_moved(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// The query may be what gives access.
std::string shown(const Url& url) { return fmt::format("{}://{}{}", url.scheme, url.authority(), url.path); }

Result<> check_address(const Url& url, bool is_public) {
  // However its address is spelled; a proxy would not ask.
  AWL_TRY(const std::string host, canonical_host(url.host.contains(':') ? "[" + url.host + "]" : url.host));
  const bool is_here = is_loopback_host(host);
  const bool is_inside = scope_of_literal(host).value_or(AddressScope::kPublic) != AddressScope::kPublic;
  if (is_public && (is_here || is_inside))
    return fail(ErrorKind::kInvalidInput,
                fmt::format("{} is not an address of the public network", shown(url)));
  if (url.scheme != "https" && (is_public || !is_here))
    return fail(ErrorKind::kInvalidInput, fmt::format("{} is not https", shown(url)));
  return {};
}

// Longer than people write them: signed addresses hold whole tokens.
Result<Url> next_address(const Url& from, const std::string& location) {
  if (location.starts_with("https://") || location.starts_with("http://"))
    return parse_url(location.substr(0, location.find('#')));
  return resolve_reference(from, location);
}

Task<Result<std::string>> follow(HttpClient& http, Url url, DownloadOptions options) {
  for (int hop = 0; hop <= options.max_redirects; ++hop) {
    AWL_CO_CHECK(check_address(url, options.is_public));
    HttpRequest request;
    request.url = url.to_string();
    request.headers = {{"user-agent", options.user_agent}, {"accept", "*/*"}};
    request.total_timeout = options.limit;
    if (options.is_public) request.reach = AddressReach::kPublic;
    auto sent = co_await http.send(std::move(request));
    AWL_CO_TRY(const std::unique_ptr<HttpResponse> response, std::move(sent));
    const HttpResponseHead& head = response->head();
    const std::string* location = find_header(head.headers, "location");
    if (is_moved(head.status) && location != nullptr) {
      auto next = next_address(url, *location);
      if (!next)
        co_return fail(ErrorKind::kParse, fmt::format("{} redirects to an address that cannot be used: {}",
                                                      shown(url), next.error().message));
      url = std::move(*next);
      continue;
    }
    if (head.status != 200)
      co_return fail(ErrorKind::kNotFound,
                     fmt::format("{} answered with HTTP status {}", shown(url), head.status));
    auto read = co_await read_all(*response, options.max_bytes);
    if (!read && read.error().kind == ErrorKind::kInvalidInput) {
      co_return fail(ErrorKind::kInvalidInput,
                     fmt::format("{} has more than {} MB", shown(url), options.max_bytes >> 20U));
    }
    co_return read;
  }
  co_return fail(ErrorKind::kNetwork,
                 fmt::format("{} redirects more than {} times", shown(url), options.max_redirects));
}

}  // namespace

Task<Result<std::string>> download(HttpClient& http, std::string url, DownloadOptions options) {
  AWL_CO_TRY(const Url first, parse_url(url));
  const auto limit = options.limit;
  auto got = co_await async::with_timeout(follow(http, first, std::move(options)), limit);
  if (!got) {
    co_return fail(ErrorKind::kTimeout,
                   fmt::format("{} did not come completely within {} s", shown(first), limit.count() / 1000));
  }
  co_return std::move(*got);
}

}  // namespace awl::net
