#include <algorithm>
#include <iterator>
#include <utility>

#include "anthropic/authenticator.h"
#include "anthropic/error_advice.h"
#include "aws/sigv4.h"
#include "base/strings.h"
#include "net/url.h"

namespace awl::anthropic {

namespace {

constexpr std::string_view kSignedNames[] = {"content-type", "anthropic-version", "anthropic-workspace-id"};

// Set by ourselves, or changed by what is between us and the platform.
constexpr std::string_view kUnsignedNames[] = {"host",       "authorization", "accept-encoding",
                                               "user-agent", "expect",        "x-amzn-trace-id"};

// Which text other bytes stand for, and so what a signature over them is, is not settled among those who
// verify one: such a value goes out unsigned.
bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

class SigV4Authenticator final : public Authenticator {
 public:
  SigV4Authenticator(const Provider& provider, std::unique_ptr<aws::RefreshCommand> refresh,
                     std::unique_ptr<aws::CachedProvider> credentials, Clock clock)
      : service_(provider.kind == ProviderKind::kBedrock ? "bedrock" : "aws-external-anthropic"),
        region_(provider.region),
        sign_host_(provider.sign_host),
        signed_names_(provider.signed_headers),
        refresh_(std::move(refresh)),
        credentials_(std::move(credentials)),
        clock_(std::move(clock)) {
    if (const auto base = net::parse_url(provider.base_url)) base_path_ = base->path == "/" ? "" : base->path;
  }

  Task<Result<>> authenticate(net::HttpRequest& request) override {
    auto credentials = co_await credentials_->fetch();
    if (!credentials) co_return std::unexpected(std::move(credentials).error());
    AWL_CO_TRY(const net::Url url, net::parse_url(request.url));

    // Through a proxy that forwards unchanged, the platform sees its own host and a path without the proxy's
    // prefix.
    net::set_header(request.headers, "host", url.authority());
    aws::Signable signable;
    signable.method = request.method;
    signable.path = url.path;
    signable.query = url.query;
    signable.body = request.body;
    if (!sign_host_.empty() && !base_path_.empty() && signable.path.starts_with(base_path_)) {
      signable.path.erase(0, base_path_.size());
    }
    signable.headers.emplace_back("host", sign_host_.empty() ? url.authority() : sign_host_);
    for (const net::Header& header : request.headers) {
      const std::string name = to_lower(header.name);
      if (is_signed(name) && is_ascii(header.value)) signable.headers.emplace_back(name, header.value);
    }

    aws::SigningConfig config;
    config.region = region_;
    config.service = service_;
    config.date = clock_() + clock_offset_;
    config.normalize_path = false;  // the path goes out as it is
    const aws::SigningResult result = aws::sign(signable, config, *credentials);
    for (const auto& [name, value] : result.headers_to_add) net::set_header(request.headers, name, value);
    co_return Result<>{};
  }

  Task<Result<bool>> refresh(const net::Headers& refused, const net::Headers& response) override {
    const TimePoint noticed = clock_();
    if (const auto skew = clock_skew(response, noticed + clock_offset_)) {
      clock_offset_ += *skew;
      co_return true;
    }
    credentials_->invalidate();
    auto credentials = co_await credentials_->fetch();
    // The same keys would be refused again.
    if (credentials && is_other(*credentials, refused)) co_return true;
    if (!refresh_) {
      if (!credentials) co_return std::unexpected(std::move(credentials).error());
      co_return false;
    }
    auto refreshed = co_await refresh_->run(noticed);
    if (!refreshed) co_return std::unexpected(std::move(refreshed).error());
    credentials_->invalidate();
    credentials = co_await credentials_->fetch();
    if (!credentials) co_return std::unexpected(std::move(credentials).error());
    co_return true;
  }

 private:
  bool is_signed(std::string_view name) const {
    const auto is_name = [name](std::string_view other) { return name == other; };
    if (std::any_of(std::begin(kUnsignedNames), std::end(kUnsignedNames), is_name)) return false;
    return name.starts_with("x-amz-") ||
           std::any_of(std::begin(kSignedNames), std::end(kSignedNames), is_name) ||
           std::any_of(signed_names_.begin(), signed_names_.end(), is_name);
  }

  // Judged by the request itself: another one may have fetched new credentials meanwhile.
  static bool is_other(const aws::Credentials& credentials, const net::Headers& refused) {
    const std::string* authorization = net::find_header(refused, "authorization");
    const std::string* token = net::find_header(refused, "x-amz-security-token");
    const std::string key = "Credential=" + credentials.access_key_id + "/";
    return authorization == nullptr || authorization->find(key) == std::string::npos ||
           (token == nullptr ? "" : *token) != credentials.session_token.expose();
  }

  std::string service_;
  std::string region_;
  std::string sign_host_;
  std::vector<std::string> signed_names_;
  std::string base_path_;
  std::unique_ptr<aws::RefreshCommand> refresh_;
  std::unique_ptr<aws::CachedProvider> credentials_;  // may refer to refresh_
  Clock clock_;
  std::chrono::milliseconds clock_offset_{0};  // of the server's clock, once it turned out to differ
};

}  // namespace

std::unique_ptr<Authenticator> make_sigv4_authenticator(const Provider& provider,
                                                        std::unique_ptr<aws::RefreshCommand> refresh,
                                                        std::unique_ptr<aws::CachedProvider> credentials,
                                                        Clock clock) {
  return std::make_unique<SigV4Authenticator>(provider, std::move(refresh), std::move(credentials),
                                              std::move(clock));
}

}  // namespace awl::anthropic
