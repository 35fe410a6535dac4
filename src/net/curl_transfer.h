// One easy handle of libcurl, carrying one exchange. Everything here happens on the curl thread.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "net/curl_client.h"
#include "net/curl_exchange.h"
#include "net/curl_library.h"

namespace awl::net {

/// Which of the system's certificates are consulted. Reading the whole file costs 26 ms of CPU for each
/// connection, looking one up in the directory next to nothing; but a file can hold certificates that
/// somebody only added there.
enum class TrustStore { kDirectory, kEverything };

/// What the worker has learned about the connections that work.
struct ConnectionState {
  TrustStore trust = TrustStore::kDirectory;
  ClientIdentity identity;
  bool any_proxy_auth = false;  ///< the proxy does not take Basic: it is asked what it takes
};

class CurlTransfer {
 public:
  /// All references must outlive the transfer.
  CurlTransfer(const CurlLibrary& curl, const CurlClientOptions& options, const ConnectionState& state,
               std::shared_ptr<CurlExchange> exchange, int attempt = 1);
  ~CurlTransfer();
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  /// Sets the handle up. Errors: kNetwork, when this libcurl refuses an option that the exchange depends on.
  Result<> prepare();
  CURL* handle() const { return handle_; }
  const std::shared_ptr<CurlExchange>& exchange() const { return exchange_; }
  /// Counts from 1 how often the worker has begun the exchange.
  int attempt() const { return attempt_; }
  /// Whether nothing but the smaller trust store stood in the way.
  bool deserves_other_trust(CURLcode code) const;
  /// Whether the proxy asks for another way to authenticate than Basic.
  bool deserves_other_proxy_auth() const;
  /// Whether the connection broke before an answer came, as it does when the peer does not accept the client
  /// certificate any more.
  bool lost_connection(CURLcode code) const;
  /// Hands the outcome to the exchange.
  void finish(CURLcode code);

 private:
  template <typename Value>
  void set(CURLoption option, Value value);
  void set_request();
  void set_headers();
  void set_trust();
  void set_identity();
  void set_proxy();
  void add_header_line(const std::string& line);
  bool uses_proxy() const;
  void begin_head(std::string_view status_line);
  void end_head();
  void publish_head();
  Error to_error(CURLcode code) const;

  bool may_connect(const sockaddr& address);

  static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static size_t on_header(char* bytes, size_t size, size_t count, void* self);
  static size_t on_body(char* bytes, size_t size, size_t count, void* self);

  const CurlLibrary& curl_;
  const CurlClientOptions& options_;
  const ConnectionState& state_;
  const TrustStore trust_;
  std::shared_ptr<CurlExchange> exchange_;
  int attempt_;
  CURL* handle_ = nullptr;
  curl_slist* header_lines_ = nullptr;
  CURLcode setup_code_ = CURLE_OK;
  std::array<char, CURL_ERROR_SIZE> error_text_{};
  std::string ca_text_;

  HttpResponseHead head_;
  size_t head_bytes_ = 0;
  bool head_published_ = false;
  std::string refusal_;       // why one of our callbacks ended the transfer
  std::string out_of_reach_;  // the last address that was not connected to
};

}  // namespace awl::net
