#include "net/curl_transfer.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <fstream>
#include <sstream>

#include "base/strings.h"
#include "net/curl_error.h"

namespace awl::net {

namespace {

constexpr size_t kMaxHeadBytes = 256 << 10;

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

}  // namespace

CurlTransfer::CurlTransfer(const CurlLibrary& curl, const CurlClientOptions& options,
                           const ConnectionState& state, std::shared_ptr<CurlExchange> exchange, int attempt)
    : curl_(curl),
      options_(options),
      state_(state),
      trust_(state.trust),
      exchange_(std::move(exchange)),
      attempt_(attempt),
      handle_(curl.easy_init()) {}

CurlTransfer::~CurlTransfer() {
  if (handle_) curl_.easy_cleanup(handle_);
  curl_.slist_free_all(header_lines_);
}

template <typename Value>
void CurlTransfer::set(CURLoption option, Value value) {
  const CURLcode code = curl_.easy_setopt(handle_, option, value);
  if (code != CURLE_OK && setup_code_ == CURLE_OK) setup_code_ = code;
}

Result<> CurlTransfer::prepare() {
  if (!handle_) return fail(ErrorKind::kNetwork, "libcurl has no memory for another transfer");
  set(CURLOPT_PRIVATE, static_cast<void*>(this));
  set(CURLOPT_ERRORBUFFER, error_text_.data());
  set(CURLOPT_NOSIGNAL, 1L);
  // Without it, giving up during a slow name look-up would hold all other transfers until the look-up ends.
  // Unknown to libcurl before 7.87, which then is only slower to give up.
  curl_.easy_setopt(handle_, CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_OPENSOCKETFUNCTION, &CurlTransfer::on_socket);
  set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_HEADEROPT,
      static_cast<long>(CURLHEADER_SEPARATE));  // a proxy does not see the request's credentials
  set(CURLOPT_HEADERFUNCTION, &CurlTransfer::on_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(CURLOPT_WRITEFUNCTION, &CurlTransfer::on_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  set_request();
  set_headers();
  set_proxy();
  set_trust();
  set_identity();
  if (setup_code_ != CURLE_OK) return std::unexpected(to_error(setup_code_));
  return {};
}

void CurlTransfer::set_request() {
  const HttpRequest& request = exchange_->request();
  const Url& url = exchange_->url();
  set(CURLOPT_URL, url.to_string().c_str());
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_HTTP_VERSION,
      static_cast<long>(url.scheme == "https" ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
  if (request.reach != AddressReach::kAnywhere) {
    // A connection that is there already was made without the check.
    set(CURLOPT_FRESH_CONNECT, 1L);
    set(CURLOPT_FORBID_REUSE, 1L);
  }
  if (request.accept_compressed) set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(request.total_timeout.count()));

  const bool has_body = !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
                        request.method == "PATCH";
  if (has_body) {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(CURLOPT_POSTFIELDS, request.body.data());
    if (request.method != "POST") set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  } else if (request.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET") {
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

void CurlTransfer::set_headers() {
  const Headers& headers = exchange_->request().headers;
  for (const Header& header : headers) {
    add_header_line(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
  }
  // A name without a value keeps libcurl from adding that header itself.
  for (const char* name : {"Accept", "Expect", "Content-Type", "Proxy-Connection"}) {
    if (!find_header(headers, name)) add_header_line(std::string(name) + ":");
  }
  set(CURLOPT_HTTPHEADER, header_lines_);
}

void CurlTransfer::add_header_line(const std::string& line) {
  curl_slist* longer = curl_.slist_append(header_lines_, line.c_str());
  if (longer) {
    header_lines_ = longer;
  } else {
    setup_code_ = CURLE_OUT_OF_MEMORY;
  }
}

void CurlTransfer::set_trust() {
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  const auto set_both = [this](CURLoption option, CURLoption proxy_option, const std::string& path) {
    const char* value = path.empty() ? nullptr : path.c_str();
    set(option, value);
    set(proxy_option, value);
  };
  const bool own_store = !options_.ca_store_pem.empty();
  const bool all = trust_ == TrustStore::kEverything;
  set_both(CURLOPT_CAPATH, CURLOPT_PROXY_CAPATH, own_store ? "" : curl_.default_ca_directory);
  if (!own_store && options_.extra_ca_pem.empty()) {
    set_both(CURLOPT_CAINFO, CURLOPT_PROXY_CAINFO, all ? curl_.default_ca_file : "");
    return;
  }
  // libcurl takes one file, or one text.
  ca_text_ = options_.extra_ca_pem;
  if (own_store) {
    ca_text_ += "\n" + options_.ca_store_pem;
  } else if (all) {
    ca_text_ += "\n" + read_file(curl_.default_ca_file);
  }
  curl_blob blob{ca_text_.data(), ca_text_.size(), CURL_BLOB_NOCOPY};
  set(CURLOPT_CAINFO_BLOB, &blob);
  set(CURLOPT_PROXY_CAINFO_BLOB, &blob);
}

void CurlTransfer::set_identity() {
  if (state_.identity.empty()) return;
  const auto set_blob = [this](CURLoption option, const std::string& text) {
    curl_blob blob{const_cast<char*>(text.data()), text.size(), CURL_BLOB_COPY};
    set(option, &blob);
  };
  set_blob(CURLOPT_SSLCERT_BLOB, state_.identity.certificate_pem);
  set_blob(CURLOPT_SSLKEY_BLOB, state_.identity.key_pem.expose());
  // Without one, OpenSSL would ask for it on the terminal.
  set(CURLOPT_KEYPASSWD, options_.identity.key_passphrase.expose().c_str());
}

bool CurlTransfer::uses_proxy() const {
  return !exchange_->request().bypass_proxy && !options_.proxy.empty() &&
         !options_.no_proxy.covers(exchange_->url());
}

void CurlTransfer::set_proxy() {
  // Given, even when empty: otherwise libcurl would look into the environment.
  set(CURLOPT_NOPROXY, "");
  const Proxy& proxy = options_.proxy;
  set(CURLOPT_PROXY, uses_proxy() ? proxy.url.c_str() : "");
  if (!uses_proxy() || !proxy.has_credentials) return;
  set(CURLOPT_PROXYUSERNAME, proxy.user.c_str());
  set(CURLOPT_PROXYPASSWORD, proxy.password.expose().c_str());
  set(CURLOPT_PROXYAUTH, static_cast<long>(state_.any_proxy_auth ? CURLAUTH_ANY : CURLAUTH_BASIC));
}

bool CurlTransfer::may_connect(const sockaddr& address) {
  const AddressReach reach = exchange_->request().reach;
  if (uses_proxy() || is_within_reach(scope_of(address), reach)) return true;
  out_of_reach_ = to_text(address);
  return false;
}

curl_socket_t CurlTransfer::on_socket(void* self, curlsocktype, curl_sockaddr* address) {
  if (!static_cast<CurlTransfer*>(self)->may_connect(address->addr)) return CURL_SOCKET_BAD;
  // libcurl's own sockets would be inherited by every child process.
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

size_t CurlTransfer::on_header(char* bytes, size_t size, size_t count, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  const std::string_view line(bytes, size * count);
  if (transfer.head_published_) return line.size();  // a trailer
  transfer.head_bytes_ += line.size();
  if (transfer.head_bytes_ > kMaxHeadBytes) {
    transfer.refusal_ = fmt::format("its response has more than {} bytes of headers", kMaxHeadBytes);
    return 0;
  }
  const std::string_view text = trim(line);
  if (line.starts_with("HTTP/")) {
    transfer.begin_head(text);
  } else if (text.empty()) {
    transfer.end_head();
  } else if ((line.front() == ' ' || line.front() == '\t') && !transfer.head_.headers.empty()) {
    transfer.head_.headers.back().value.append(" ").append(text);  // RFC 9112, 5.2: a folded line
  } else if (const size_t colon = text.find(':'); colon != std::string_view::npos) {
    transfer.head_.headers.push_back(
        {std::string(trim(text.substr(0, colon))), std::string(trim(text.substr(colon + 1)))});
  }
  return line.size();
}

// "HTTP/1.1 200 OK". An informational response, or a proxy that wants to know who asks, came before.
void CurlTransfer::begin_head(std::string_view status_line) {
  head_ = {};
  const size_t space = status_line.find(' ');
  if (space == std::string_view::npos) return;
  const auto status = parse_integer(status_line.substr(space + 1, 3));
  head_.status = status ? static_cast<int>(*status) : 0;
}

void CurlTransfer::end_head() {
  if (head_.status < 200) return;
  if (head_.status == 407 && uses_proxy()) return;  // libcurl may yet answer it; else finish() publishes
  publish_head();
}

void CurlTransfer::publish_head() {
  head_published_ = true;
  exchange_->deliver_head(std::move(head_));
}

size_t CurlTransfer::on_body(char* bytes, size_t size, size_t count, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  const std::string_view piece(bytes, size * count);
  if (!transfer.head_published_) transfer.publish_head();
  return transfer.exchange_->deliver_piece(piece) ? piece.size() : CURL_WRITEFUNC_PAUSE;
}

bool CurlTransfer::deserves_other_trust(CURLcode code) const {
  return code == CURLE_PEER_FAILED_VERIFICATION && trust_ == TrustStore::kDirectory &&
         !curl_.default_ca_file.empty() && !head_published_;
}

bool CurlTransfer::deserves_other_proxy_auth() const {
  long tunnel_status = 0;
  curl_.easy_getinfo(handle_, CURLINFO_HTTP_CONNECTCODE, &tunnel_status);
  return tunnel_status == 407 && options_.proxy.has_credentials && !state_.any_proxy_auth;
}

bool CurlTransfer::lost_connection(CURLcode code) const {
  switch (code) {
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return !head_published_;
    default:
      return false;
  }
}

void CurlTransfer::finish(CURLcode code) {
  if (code != CURLE_OK) {
    exchange_->fail(to_error(code));
    return;
  }
  if (!head_published_) publish_head();
  exchange_->end();
}

Error CurlTransfer::to_error(CURLcode code) const {
  if (code == CURLE_COULDNT_CONNECT && !out_of_reach_.empty()) {
    return Error{
        ErrorKind::kPermissionDenied,
        fmt::format("{} leads to {}, which this request may not reach", exchange_->url().host, out_of_reach_),
        {},
        {}};
  }
  CurlFailure failure;
  failure.code = code;
  failure.cause = !refusal_.empty() ? refusal_
                  : error_text_[0]  ? error_text_.data()
                                    : curl_.easy_strerror(code);
  curl_.easy_getinfo(handle_, CURLINFO_OS_ERRNO, &failure.os_error);
  curl_off_t ready_after = 0;
  curl_.easy_getinfo(handle_, CURLINFO_PRETRANSFER_TIME_T, &ready_after);
  failure.was_connected = ready_after > 0;
  curl_.easy_getinfo(handle_, CURLINFO_HTTP_CONNECTCODE, &failure.tunnel_status);
  return describe_failure(failure, exchange_->request(), exchange_->url(), options_);
}

}  // namespace awl::net
