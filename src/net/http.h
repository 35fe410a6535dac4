// HTTP as the rest of the project sees it: a client, a handler, and the messages between them.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "async/task.h"
#include "base/error.h"
#include "net/address.h"

namespace awl::net {

struct Header {
  std::string name;
  std::string value;
  friend bool operator==(const Header&, const Header&) = default;
};

/// In the order in which they are sent; names compare without case.
using Headers = std::vector<Header>;

/// The first value of `name`, or nullptr.
const std::string* find_header(const Headers& headers, std::string_view name);
/// Replaces the first header of that name, or appends.
void set_header(Headers& headers, std::string_view name, std::string value);
/// Errors: kInvalidInput, naming the first header that cannot be sent: no token (RFC 9110, 5.6.2), or a line
/// break.
Result<> check_headers(const Headers& headers);

struct HttpRequest {
  std::string method = "GET";
  std::string url;  ///< absolute, http or https
  Headers headers;  ///< sent as they are, Host included when given; nothing is added but content-length and
                    ///< what HTTP needs
  std::string body;
  bool bypass_proxy = false;  ///< for what is on this machine or its link alone: metadata services
  std::chrono::milliseconds connect_timeout{30'000};
  std::chrono::milliseconds total_timeout{600'000};  ///< the whole exchange; zero: none
  /// Other than kAnywhere: each address is checked when it is connected to, over a connection of its own.
  /// Through a proxy, which resolves names itself, only an address in the URL can be checked.
  AddressReach reach = AddressReach::kAnywhere;
  bool accept_compressed = false;  ///< asks for gzip or deflate, and reads that
};

struct HttpResponseHead {
  int status = 0;
  Headers headers;
};

/// A response whose body arrives in pieces. Destroying it ends the transfer and closes what cannot be reused.
class HttpResponse {
 public:
  virtual ~HttpResponse() = default;
  virtual const HttpResponseHead& head() const = 0;
  /// The next piece of the body; nullopt at its end. Errors: kNetwork when the connection broke before the
  /// end, kTimeout.
  virtual Task<Result<std::optional<std::string>>> read() = 0;
};

/// Sends requests. Connections are kept and reused. All calls on the thread of the loop.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  /// Returns when the response's head has arrived. Redirects are not followed.
  /// Errors: kNetwork (resolve, connect, TLS: the message names host and cause), kTimeout, kInvalidInput
  /// (URL), kPermissionDenied (an address out of reach).
  virtual Task<Result<std::unique_ptr<HttpResponse>>> send(HttpRequest request) = 0;
};

/// Reads a whole body. Errors: those of read(); kInvalidInput past `max_bytes`.
Task<Result<std::string>> read_all(HttpResponse& response, size_t max_bytes);

}  // namespace awl::net
