#include "emulator/relay.h"

#include <fmt/format.h>

#include <array>

#include "base/strings.h"
#include "emulator/contains.h"
#include "net/url.h"

namespace awl::emulator {

namespace {

constexpr std::array<std::string_view, 10> kOfOneConnection = {"connection",
                                                               "keep-alive",
                                                               "proxy-authenticate",
                                                               "proxy-authorization",
                                                               "te",
                                                               "trailer",
                                                               "transfer-encoding",
                                                               "upgrade",
                                                               "content-length",
                                                               "expect"};
constexpr std::array<std::string_view, 6> kOfTheClient = {
    "host", "authorization", "x-api-key", "cookie", "anthropic-workspace-id", "accept-encoding"};

bool is_of_one_connection(std::string_view name) { return contains(kOfOneConnection, name); }

ApiError bad_gateway(const Error& error) {
  return {502, "api_error", fmt::format("The upstream could not be asked: {}.", describe(error))};
}

}  // namespace

Result<> check_upstream(const Upstream& upstream) {
  auto url = net::parse_url(upstream.url);
  if (!url) return std::unexpected(url.error());
  if (url->query.empty()) return {};
  return fail(ErrorKind::kInvalidInput, fmt::format("the upstream {} has a query", upstream.url),
              "Give the part before /v1.");
}

net::Headers upstream_headers(const Upstream& upstream, const net::Headers& received) {
  net::Headers headers;
  for (const net::Header& header : received) {
    const std::string name = to_lower(header.name);
    if (is_of_one_connection(name) || contains(kOfTheClient, name) || name.starts_with("x-amz-")) continue;
    headers.push_back({name, header.value});
  }
  headers.push_back({"accept-encoding", "identity"});
  if (!upstream.api_key.empty()) headers.push_back({"x-api-key", upstream.api_key.expose()});
  if (!upstream.bearer.empty()) headers.push_back({"authorization", "Bearer " + upstream.bearer.expose()});
  return headers;
}

net::Headers downstream_headers(const net::Headers& received, const net::Headers& own) {
  net::Headers headers = own;
  for (const net::Header& header : received) {
    const std::string name = to_lower(header.name);
    if (is_of_one_connection(name) || name == "set-cookie" || name == "x-amzn-requestid") continue;
    if (name == "request-id") {
      net::set_header(headers, "x-upstream-request-id", header.value);
    } else {
      net::set_header(headers, name, header.value);
    }
  }
  return headers;
}

Task<ApiResult<int>> relay(net::HttpClient& client, const Upstream& upstream,
                           const net::ServerRequest& request, net::Headers own,
                           net::ResponseWriter& response) {
  net::HttpRequest onward;
  onward.method = request.method;
  std::string base = upstream.url;
  while (base.ends_with('/')) base.pop_back();
  onward.url = base + request.target;
  onward.headers = upstream_headers(upstream, request.headers);
  onward.body = request.body;
  onward.total_timeout = std::chrono::milliseconds(0);
  auto sent = co_await client.send(std::move(onward));
  if (!sent) co_return std::unexpected(bad_gateway(sent.error()));
  const std::unique_ptr<net::HttpResponse> answer = std::move(*sent);
  const int status = answer->head().status;
  net::Headers headers = downstream_headers(answer->head().headers, own);
  const Result<> started = co_await response.start(status, std::move(headers));
  if (!started) co_return status;
  for (;;) {
    auto piece = co_await answer->read();
    if (!piece) {
      response.abort();
      co_return status;
    }
    if (!*piece) co_return status;
    const std::string bytes = std::move(**piece);
    const Result<> written = co_await response.write(bytes);
    if (!written) co_return status;
  }
}

}  // namespace awl::emulator
