#include "aws/environment_provider.h"

#include <fmt/format.h>

#include "aws/static_keys.h"
#include "aws/timestamp.h"
#include "base/strings.h"

namespace awl::aws {

namespace {

constexpr std::string_view kExpiration = "AWS_CREDENTIAL_EXPIRATION";

std::string trimmed(const Environment& environment, std::string_view name) {
  return std::string(trim(environment.get(name)));
}

class EnvironmentProvider : public CredentialsProvider {
 public:
  EnvironmentProvider(const Environment& environment, Clock clock)
      : id_(environment.get("AWS_ACCESS_KEY_ID")),
        secret_(environment.get("AWS_SECRET_ACCESS_KEY")),
        token_(environment.get("AWS_SESSION_TOKEN")),
        expiration_(trimmed(environment, kExpiration)),
        clock_(std::move(clock)) {}

  std::string name() const override { return "environment"; }
  Task<Result<Credentials>> fetch() override { co_return resolve(); }

 private:
  Result<Credentials> resolve() const {
    const StaticKeys keys{{"AWS_ACCESS_KEY_ID", id_},
                          {"AWS_SECRET_ACCESS_KEY", secret_.expose()},
                          {"AWS_SESSION_TOKEN", token_.expose()},
                          "the environment",
                          name()};
    AWL_TRY(Credentials credentials, to_credentials(keys));
    if (expiration_.empty()) return credentials;
    credentials.expiration = parse_timestamp(expiration_);
    if (!credentials.expiration) {
      return fail(
          ErrorKind::kCredentials,
          fmt::format("the credentials in the environment cannot be used: {} is not a time", kExpiration),
          fmt::format("write it like 2026-01-02T03:04:05Z, or unset {}", kExpiration));
    }
    if (*credentials.expiration <= clock_()) {
      return fail(ErrorKind::kCredentials,
                  fmt::format("the credentials in the environment expired at {} ({})",
                              format_iso8601(*credentials.expiration), kExpiration),
                  "export new ones, or unset them and use AWS_PROFILE");
    }
    return credentials;
  }

  std::string id_;
  Secret secret_;
  Secret token_;
  std::string expiration_;
  Clock clock_;
};

}  // namespace

std::unique_ptr<CredentialsProvider> make_environment_provider(const Environment& environment, Clock clock) {
  return std::make_unique<EnvironmentProvider>(environment, std::move(clock));
}

}  // namespace awl::aws
