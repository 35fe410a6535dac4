#include "aws/web_identity_provider.h"

#include <fmt/format.h>

#include "base/strings.h"

namespace awl::aws {

namespace {

constexpr uint64_t kMaxTokenBytes = 64 << 10;

class WebIdentityProvider : public CredentialsProvider {
 public:
  WebIdentityProvider(WebIdentityOptions options, StsClient sts)
      : options_(std::move(options)), sts_(std::move(sts)) {}

  std::string name() const override { return "web identity"; }

  Task<Result<Credentials>> fetch() override {
    auto text = os::read_file(options_.token_file, kMaxTokenBytes);
    if (!text) {
      co_return fail(ErrorKind::kCredentials,
                     fmt::format("the web identity token of {} cannot be read: {}", options_.place,
                                 text.error().message),
                     "the CI system or cluster writes this file: check its set-up");
    }
    Secret token{std::string(trim(*text))};
    if (token.empty()) {
      co_return fail(ErrorKind::kCredentials, fmt::format("the web identity token of {} is empty: {}",
                                                          options_.place, options_.token_file.string()));
    }
    auto credentials = co_await sts_.assume_role_with_web_identity(options_.role, std::move(token));
    if (credentials)
      credentials->source = fmt::format("web identity, role {} ({})", options_.role.role_arn, options_.place);
    co_return credentials;
  }

 private:
  WebIdentityOptions options_;
  StsClient sts_;
};

}  // namespace

std::unique_ptr<CredentialsProvider> make_web_identity_provider(WebIdentityOptions options, StsClient sts) {
  return std::make_unique<WebIdentityProvider>(std::move(options), std::move(sts));
}

}  // namespace awl::aws
