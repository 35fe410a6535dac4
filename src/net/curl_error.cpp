#include "net/curl_error.h"

#include <fmt/format.h>

#include <optional>
#include <system_error>

namespace awl::net {

namespace {

bool uses_proxy(const Url& url, const CurlClientOptions& options) {
  return !options.proxy.empty() && !options.no_proxy.covers(url);
}

std::string peer_name(const Url& url, const CurlClientOptions& options) {
  const std::string host = url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
  if (!uses_proxy(url, options)) return fmt::format("{}:{}", host, url.port);
  return fmt::format("{}:{} (proxy {})", host, url.port, options.proxy.name());
}

// What the proxy said instead of opening a tunnel; only its own trouble may pass.
Error describe_refused_tunnel(const CurlFailure& failure, const Url& url, const CurlClientOptions& options) {
  Error error{ErrorKind::kNetwork, {}, {}, failure.cause};
  if (failure.tunnel_status == 407) {
    error.kind = ErrorKind::kCredentials;
    error.message =
        options.proxy.has_credentials
            ? fmt::format("the proxy {} does not accept the user name and password", options.proxy.name())
            : fmt::format("the proxy {} asks for a user name and password", options.proxy.name());
    error.hint = "Set HTTPS_PROXY=http://user:password@host:port; special characters are percent-encoded.";
    return error;
  }
  if (failure.tunnel_status < 500) error.kind = ErrorKind::kPermissionDenied;
  error.message = fmt::format("the proxy {} refuses a connection to {}:{}: status {}", options.proxy.name(),
                              url.host, url.port, failure.tunnel_status);
  error.hint = "The proxy's rules may forbid that host; NO_PROXY names hosts that are reached without it.";
  return error;
}

// OpenSSL says by these that the peer wants to see a certificate, or another one.
bool asks_for_client_certificate(std::string_view cause) {
  for (const std::string_view alert : {"certificate required", "bad certificate", "certificate expired",
                                       "certificate unknown", "unknown ca", "handshake failure"}) {
    if (cause.contains("alert") && cause.contains(alert)) return true;
  }
  return false;
}

constexpr std::string_view kCaHint =
    "Behind a proxy that inspects TLS, set NODE_EXTRA_CA_CERTS to the file of its CA certificate (PEM).";
constexpr std::string_view kIdentityHint =
    "If the server asks for a client certificate, set CLAUDE_CODE_CLIENT_CERT and CLAUDE_CODE_CLIENT_KEY to "
    "its "
    "PEM files.";

// What is wrong with a certificate, or nothing when the failure is of another kind.
std::optional<Error> describe_tls_failure(const CurlFailure& failure, const std::string& peer,
                                          const CurlClientOptions& options) {
  const auto error = [&](std::string message, std::string_view hint = {}) {
    return Error{ErrorKind::kTls, std::move(message), std::string(hint), failure.cause};
  };
  if (asks_for_client_certificate(failure.cause)) {
    return error(fmt::format("{} does not accept this side's TLS certificate: {}", peer, failure.cause),
                 kIdentityHint);
  }
  switch (failure.code) {
    case CURLE_PEER_FAILED_VERIFICATION: {
      const bool unknown_issuer = failure.cause.contains("issuer") || failure.cause.contains("self");
      return error(fmt::format("the certificate of {} is not trusted: {}", peer, failure.cause),
                   unknown_issuer ? kCaHint : "");
    }
    case CURLE_SSL_CACERT_BADFILE:
      return error(fmt::format("the trusted CA certificates cannot be used: {}", failure.cause),
                   "Check the files that NODE_EXTRA_CA_CERTS and SSL_CERT_FILE name.");
    case CURLE_SSL_CERTPROBLEM:
      return error(fmt::format("the client certificate {} or its key cannot be used: {}",
                               options.identity.certificate_file, failure.cause),
                   "Check CLAUDE_CODE_CLIENT_CERT, CLAUDE_CODE_CLIENT_KEY and "
                   "CLAUDE_CODE_CLIENT_KEY_PASSPHRASE: the key must belong to the certificate.");
    case CURLE_SSL_CONNECT_ERROR:
      // A connection that breaks during the handshake is no verdict on anybody's certificate.
      if (failure.cause.contains("SYSCALL") || failure.cause.contains("reset") ||
          failure.cause.contains("eof"))
        return std::nullopt;
      return error(fmt::format("TLS with {} failed: {}", peer, failure.cause));
    default:
      return std::nullopt;
  }
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
  if (failure.tunnel_status >= 300) return describe_refused_tunnel(failure, url, options);
  if (auto tls = describe_tls_failure(failure, peer, options)) return std::move(*tls);
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
                   "Check HTTPS_PROXY and HTTP_PROXY");
    case CURLE_COULDNT_CONNECT:
      return error(fmt::format("cannot connect to {}: {}", peer, cause));
    case CURLE_SSL_CONNECT_ERROR:
      return error(
          fmt::format("the connection to {} broke during the TLS handshake: {}", peer, failure.cause));
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
