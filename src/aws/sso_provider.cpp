#include "aws/sso_provider.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "aws/service_call.h"
#include "aws/sso_token.h"
#include "aws/static_keys.h"
#include "base/encoding.h"
#include "base/utf8.h"
#include "json/json.h"
#include "os/file_lock.h"

namespace awl::aws {

namespace {

constexpr std::chrono::minutes kRenewTokenBefore{5};
constexpr std::chrono::seconds kLockLimit{25};  // longer than an exchange with its retries takes

class SsoProvider : public CredentialsProvider {
 public:
  SsoProvider(SsoOptions options, net::HttpClient& http, Clock clock)
      : options_(std::move(options)), http_(http), clock_(std::move(clock)) {}

  std::string name() const override { return "SSO"; }

  Task<Result<Credentials>> fetch() override {
    AWL_CO_CHECK(check());
    auto found = co_await find_token();
    AWL_CO_TRY(const SsoToken token, std::move(found));
    const auto make = [this, &token] { return make_request(token.access_token); };
    auto reply = co_await call_service(http_, make, "the SSO portal at " + options_.portal_endpoint, {});
    if (!reply) co_return std::unexpected(std::move(reply).error());
    if (!reply->ok()) co_return refused(*reply);
    co_return read(reply->body);
  }

 private:
  // What the profile and its session must say.
  Result<> check() const {
    const std::string missing = options_.start_url.empty()    ? "sso_start_url"
                                : options_.region.empty()     ? "sso_region"
                                : options_.account_id.empty() ? "sso_account_id"
                                : options_.role_name.empty()  ? "sso_role_name"
                                                              : "";
    if (missing.empty()) return {};
    return fail(
        ErrorKind::kCredentials,
        fmt::format("profile \"{}\" is to sign in by SSO, but {} is missing", options_.profile, missing),
        options_.session.empty() ? "run: aws configure sso"
                                 : fmt::format("see [profile {}] and [sso-session {}] in the config file",
                                               options_.profile, options_.session));
  }

  Task<Result<SsoToken>> find_token() {
    const std::string& key = options_.session.empty() ? options_.start_url : options_.session;
    const os::Path file = sso_token_file(options_.cache_folder, key);
    auto token = read_token(file);
    if (!token || !wants_renewal(*token)) co_return token;
    if (!token->can_be_renewed(clock_())) {
      if (is_expired(*token)) co_return sign_in(expired(*token));
      co_return token;
    }
    auto renewed = co_await renew(file, *token);
    co_return renewed;
  }

  // A refresh token serves once: of all processes of the person, one exchanges it and the others take the
  // result.
  Task<Result<SsoToken>> renew(os::Path file, SsoToken token) {
    std::optional<os::FileLock> lock;
    if (!options_.state_dir.empty()) {
      const os::Path lock_file = options_.state_dir / ("sso-" + file.stem().string() + ".lock");
      auto acquired = co_await os::FileLock::acquire(lock_file, kLockLimit);
      // Without locks (a read-only home, say) it is exchanged all the same; while another does it, never.
      if (!acquired && acquired.error().kind == ErrorKind::kTimeout) {
        if (!is_expired(token)) co_return token;
        co_return std::unexpected(std::move(acquired).error());
      }
      if (acquired) lock.emplace(std::move(*acquired));
      auto current = read_token(file);
      if (current && !wants_renewal(*current)) co_return current;
      if (current) token = std::move(*current);
    }
    auto renewed = co_await renew_sso_token(http_, options_.oidc_endpoint, file, token, clock_);
    if (renewed) co_return std::move(*renewed);
    if (!is_expired(token)) co_return std::move(token);
    // No sign-in mends a network that is down.
    if (renewed.error().kind != ErrorKind::kCredentials)
      co_return std::unexpected(std::move(renewed).error());
    co_return sign_in(renewed.error().message);
  }

  Result<SsoToken> read_token(const os::Path& file) const {
    auto token = read_sso_token(file);
    if (token) return token;
    if (token.error().kind == ErrorKind::kNotFound) return sign_in("nobody has signed in yet");
    return sign_in(token.error().message);
  }

  bool wants_renewal(const SsoToken& token) const { return token.expires_at - kRenewTokenBefore <= clock_(); }
  bool is_expired(const SsoToken& token) const { return token.expires_at <= clock_(); }
  static std::string expired(const SsoToken& token) {
    return "the sign-in has expired at " + format_iso8601(token.expires_at);
  }

  std::unexpected<Error> sign_in(const std::string& why) const {
    return fail(ErrorKind::kCredentials,
                fmt::format("the SSO sign-in of profile \"{}\" is not usable: {}", options_.profile, why),
                fmt::format("run: aws sso login --profile {}", options_.profile));
  }

  net::HttpRequest make_request(const Secret& token) const {
    net::HttpRequest request;
    request.url =
        fmt::format("{}/federation/credentials?role_name={}&account_id={}", options_.portal_endpoint,
                    percent_encode(options_.role_name), percent_encode(options_.account_id));
    request.headers = {{"accept", "application/json"}, {"x-amz-sso_bearer_token", token.expose()}};
    return request;
  }

  std::unexpected<Error> refused(const ServiceReply& reply) const {
    if (reply.status == 401) return sign_in("the portal does not accept its token");
    std::string why = fmt::format("HTTP {}", reply.status);
    if (const auto body = json::parse(reply.body)) {
      if (const auto message = json::get_string(*body, "message")) why = redact(to_utf8(*message));
    }
    return fail(reply.status >= 500 ? ErrorKind::kNetwork : ErrorKind::kCredentials,
                fmt::format("the SSO portal refused role {} in account {}: {}", options_.role_name,
                            options_.account_id, why),
                fmt::format("check sso_account_id and sso_role_name of profile \"{}\", and that the role is "
                            "assigned to you",
                            options_.profile));
  }

  Result<Credentials> read(const std::string& body) const {
    const std::string place = "the answer of the SSO portal";
    const auto object = json::parse(body);
    const json::Value* role = object ? json::find(*object, "roleCredentials") : nullptr;
    if (role == nullptr) return fail(ErrorKind::kCredentials, place + " holds no roleCredentials");
    const StaticKeys keys{{"accessKeyId", json::string_or_empty(*role, "accessKeyId")},
                          {"secretAccessKey", json::string_or_empty(*role, "secretAccessKey")},
                          {"sessionToken", json::string_or_empty(*role, "sessionToken")},
                          place,
                          fmt::format("SSO role {} in account {} (profile {})", options_.role_name,
                                      options_.account_id, options_.profile)};
    auto credentials = to_credentials(keys);
    if (!credentials && credentials.error().kind == ErrorKind::kNotFound)
      return fail(ErrorKind::kCredentials, place + " holds no keys");
    if (!credentials) return credentials;
    if (const auto expiration = json::get_integer(*role, "expiration"))
      credentials->expiration = TimePoint(std::chrono::milliseconds(*expiration));
    return credentials;
  }

  SsoOptions options_;
  net::HttpClient& http_;
  Clock clock_;
};

}  // namespace

std::unique_ptr<CredentialsProvider> make_sso_provider(SsoOptions options, net::HttpClient& http,
                                                       Clock clock) {
  return std::make_unique<SsoProvider>(std::move(options), http, std::move(clock));
}

}  // namespace awl::aws
