#include <utility>

#include "anthropic/authenticator.h"
#include "aws/sigv4.h"
#include "base/strings.h"
#include "net/url.h"

namespace awl::anthropic {

namespace {

constexpr std::string_view kService = "aws-external-anthropic";
constexpr std::string_view kSignedNames[] = {"content-type", "anthropic-version", "anthropic-workspace-id"};

class SigV4Authenticator final : public Authenticator {
 public:
  SigV4Authenticator(const Provider& provider, std::unique_ptr<aws::CachedProvider> credentials, Clock clock)
      : region_(provider.region),
        sign_host_(provider.sign_host),
        credentials_(std::move(credentials)),
        clock_(std::move(clock)) {
    if (const auto base = net::parse_url(provider.base_url)) base_path_ = base->path == "/" ? "" : base->path;
  }

  Task<Result<>> authenticate(net::HttpRequest& request) override {
    auto credentials = co_await credentials_->fetch();
    if (!credentials) co_return std::unexpected(std::move(credentials).error());
    AWL_CO_TRY(const net::Url url, net::parse_url(request.url));
    last_access_key_ = credentials->access_key_id;
    last_session_token_ = credentials->session_token;

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
    for (const std::string_view name : kSignedNames) {
      if (const std::string* value = net::find_header(request.headers, name))
        signable.headers.emplace_back(std::string(name), *value);
    }
    for (const net::Header& header : request.headers) {
      if (to_lower(header.name).starts_with("x-amz-"))
        signable.headers.emplace_back(to_lower(header.name), header.value);
    }

    aws::SigningConfig config;
    config.region = region_;
    config.service = kService;
    config.date = clock_();
    config.normalize_path = false;  // the path goes out as it is
    const aws::SigningResult result = aws::sign(signable, config, *credentials);
    for (const auto& [name, value] : result.headers_to_add) net::set_header(request.headers, name, value);
    co_return Result<>{};
  }

  Task<bool> refresh() override {
    credentials_->invalidate();
    auto credentials = co_await credentials_->fetch();
    // The same keys would be refused again.
    co_return credentials.has_value() &&
        (credentials->access_key_id != last_access_key_ || credentials->session_token != last_session_token_);
  }

 private:
  std::string region_;
  std::string sign_host_;
  std::string base_path_;
  std::unique_ptr<aws::CachedProvider> credentials_;
  Clock clock_;
  std::string last_access_key_;
  Secret last_session_token_;
};

}  // namespace

std::unique_ptr<Authenticator> make_sigv4_authenticator(const Provider& provider,
                                                        std::unique_ptr<aws::CachedProvider> credentials,
                                                        Clock clock) {
  return std::make_unique<SigV4Authenticator>(provider, std::move(credentials), std::move(clock));
}

}  // namespace awl::anthropic
