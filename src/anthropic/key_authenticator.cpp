#include "anthropic/authenticator.h"

namespace awl::anthropic {

namespace {

class KeyAuthenticator final : public Authenticator {
 public:
  explicit KeyAuthenticator(const Provider& provider) : method_(provider.auth), secret_(provider.secret) {}

  Task<Result<>> authenticate(net::HttpRequest& request) override {
    if (method_ == AuthMethod::kApiKey) net::set_header(request.headers, "x-api-key", secret_.expose());
    if (method_ == AuthMethod::kBearer)
      net::set_header(request.headers, "authorization", "Bearer " + secret_.expose());
    co_return Result<>{};
  }

  // A key is what the person gave: there is no other one to look for.
  Task<Result<bool>> refresh(const net::Headers& /*refused*/, const net::Headers& /*response*/) override {
    co_return false;
  }

 private:
  AuthMethod method_;
  Secret secret_;
};

class RefusingAuthenticator final : public Authenticator {
 public:
  explicit RefusingAuthenticator(Error error) : error_(std::move(error)) {}
  Task<Result<>> authenticate(net::HttpRequest& /*request*/) override { co_return std::unexpected(error_); }
  Task<Result<bool>> refresh(const net::Headers& /*refused*/, const net::Headers& /*response*/) override {
    co_return false;
  }

 private:
  Error error_;
};

}  // namespace

std::unique_ptr<Authenticator> make_refusing_authenticator(Error error) {
  return std::make_unique<RefusingAuthenticator>(std::move(error));
}

std::unique_ptr<Authenticator> make_key_authenticator(const Provider& provider) {
  return std::make_unique<KeyAuthenticator>(provider);
}

}  // namespace awl::anthropic
