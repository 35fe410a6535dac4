#include "net/curl_error.h"

#include <fmt/format.h>

#include <system_error>

namespace awl::net {

namespace {

// host:port of a proxy, without its scheme and password.
std::string_view proxy_name(std::string_view proxy) {
  if (const size_t at = proxy.rfind('@'); at != std::string_view::npos) return proxy.substr(at + 1);
  if (const size_t scheme = proxy.find("://"); scheme != std::string_view::npos)
    return proxy.substr(scheme + 3);
  return proxy;
}

std::string peer_name(const Url& url, const CurlClientOptions& options) {
  const std::string host = url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
  const std::string& proxy = url.scheme == "https" ? options.https_proxy : options.http_proxy;
  if (proxy.empty()) return fmt::format("{}:{}", host, url.port);
  return fmt::format("{}:{} (proxy {})", host, url.port, proxy_name(proxy));
}

}  // namespace

Error describe_failure(const CurlFailure& failure, const HttpRequest& request, const Url& url,
                       const CurlClientOptions& options) {
  const std::string peer = peer_name(url, options);
  const std::string cause = failure.os_error != 0
                                ? std::generic_category().message(static_cast<int>(failure.os_error))
                                : failure.cause;
  const auto error = [&](std::string message, std::string hint = {}) {
    return Error{ErrorKind::kNetwork, std::move(message), std::move(hint), failure.cause};
  };
  const auto tls_error = [&error](std::string message, std::string hint = {}) {
    Error result = error(std::move(message), std::move(hint));
    result.kind = ErrorKind::kTls;
    return result;
  };
  switch (failure.code) {
    case CURLE_OPERATION_TIMEDOUT:
      if (!failure.was_connected) {
        return Error{
            ErrorKind::kTimeout, fmt::format("no connection to {} in time", peer), {}, failure.cause};
      }
      return Error{
          ErrorKind::kTimeout,
          fmt::format("{} did not answer completely within {} ms", peer, request.total_timeout.count()),
          {},
          failure.cause};
    case CURLE_COULDNT_RESOLVE_HOST:
      return error(fmt::format("the name of {} cannot be resolved", peer),
                   "Check the name and the network connection");
    case CURLE_COULDNT_RESOLVE_PROXY:
      return error(fmt::format("the proxy's name cannot be resolved on the way to {}", peer),
                   "Check the proxy settings");
    case CURLE_COULDNT_CONNECT:
      return error(fmt::format("cannot connect to {}: {}", peer, cause));
    case CURLE_PEER_FAILED_VERIFICATION:
      return tls_error(
          fmt::format("the certificate of {} is not trusted: {}", peer, failure.cause),
          "Behind a proxy that inspects TLS, configure its certificate file as an additional CA");
    case CURLE_SSL_CACERT_BADFILE:
      return tls_error(fmt::format("the CA certificates for {} cannot be read from {}: {}", peer,
                                   options.extra_ca_file.empty() ? "the system" : options.extra_ca_file,
                                   failure.cause));
    case CURLE_SSL_CERTPROBLEM:
      return tls_error(fmt::format("the client certificate {} cannot be used for {}: {}",
                                   options.client_certificate_file, peer, failure.cause));
    case CURLE_SSL_CONNECT_ERROR:
      return tls_error(fmt::format("TLS with {} failed: {}", peer, failure.cause));
    case CURLE_GOT_NOTHING:
      return error(fmt::format("{} closed the connection without an answer", peer));
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return error(fmt::format("the connection to {} broke: {}", peer, failure.cause));
    default:
      return error(fmt::format("the request to {} failed: {}", peer, failure.cause));
  }
}

}  // namespace awl::net
