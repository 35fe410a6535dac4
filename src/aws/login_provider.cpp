#include "aws/login_provider.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "aws/static_keys.h"
#include "aws/timestamp.h"
#include "base/strings.h"
#include "crypto/sha256.h"
#include "json/json.h"

namespace awl::aws {

namespace {

constexpr uint64_t kMaxLoginFileBytes = 256 << 10;

class LoginProvider : public CredentialsProvider {
 public:
  LoginProvider(LoginOptions options, Clock clock) : options_(std::move(options)), clock_(std::move(clock)) {}

  std::string name() const override { return "console login"; }
  Task<Result<Credentials>> fetch() override { co_return resolve(); }

 private:
  Result<Credentials> resolve() const {
    const os::Path file = options_.cache_folder / (crypto::sha256_hex(trim(options_.session)) + ".json");
    const auto text = os::read_file(file, kMaxLoginFileBytes);
    if (!text && text.error().kind == ErrorKind::kNotFound) return sign_in("nobody has signed in yet");
    if (!text) return sign_in(text.error().message);
    const auto object = json::parse(*text);
    const json::Value* token = object ? json::find(*object, "accessToken") : nullptr;
    if (token == nullptr || !token->is_object())
      return sign_in(fmt::format("{} is not what the AWS CLI writes", file.string()));
    auto credentials = to_credentials({{"accessKeyId", json::string_or_empty(*token, "accessKeyId")},
                                       {"secretAccessKey", json::string_or_empty(*token, "secretAccessKey")},
                                       {"sessionToken", json::string_or_empty(*token, "sessionToken")},
                                       file.string(),
                                       fmt::format("console login (profile {})", options_.profile)});
    if (!credentials) return sign_in(credentials.error().message);
    credentials->expiration = parse_timestamp(json::string_or_empty(*token, "expiresAt"));
    if (!credentials->expiration) return sign_in(fmt::format("{} has no expiresAt", file.string()));
    if (*credentials->expiration <= clock_())
      return sign_in(fmt::format("its credentials expired at {}", format_iso8601(*credentials->expiration)));
    return credentials;
  }

  std::unexpected<Error> sign_in(const std::string& why) const {
    return fail(
        ErrorKind::kCredentials,
        fmt::format("the console sign-in of profile \"{}\" is not usable: {}", options_.profile, why),
        fmt::format(
            "run: aws login --profile {} (any AWS CLI call with this profile renews a sign-in that is "
            "still good)",
            options_.profile));
  }

  LoginOptions options_;
  Clock clock_;
};

}  // namespace

std::unique_ptr<CredentialsProvider> make_login_provider(LoginOptions options, Clock clock) {
  return std::make_unique<LoginProvider>(std::move(options), std::move(clock));
}

}  // namespace awl::aws
