#include "aws/instance_provider.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "aws/credentials_json.h"
#include "aws/service_call.h"
#include "base/strings.h"
#include "base/utf8.h"
#include "json/json.h"

namespace awl::aws {

namespace {

// Source: Amazon EC2 User Guide, "Use the Instance Metadata Service".
constexpr std::string_view kTokenPath = "/latest/api/token";
constexpr std::string_view kRolePath = "/latest/meta-data/iam/security-credentials/";
constexpr std::string_view kTokenLifetime = "21600";

// On a machine that is no instance nothing answers, and the person should not wait long to learn that.
constexpr CallLimits kLimits{.attempts = 2,
                             .connect_timeout = std::chrono::milliseconds(1'000),
                             .attempt_timeout = std::chrono::milliseconds(2'000),
                             .first_pause = std::chrono::milliseconds(50),
                             .max_body_bytes = 64 << 10};

std::unexpected<Error> unusable(const std::string& why) {
  return fail(ErrorKind::kCredentials, "the instance's credentials cannot be had: " + why);
}

class InstanceProvider : public CredentialsProvider {
 public:
  InstanceProvider(InstanceOptions options, net::HttpClient& http, Clock clock)
      : options_(std::move(options)), http_(http), clock_(std::move(clock)) {}

  std::string name() const override { return "instance metadata"; }

  Task<Result<Credentials>> fetch() override {
    if (options_.disabled) co_return fail(ErrorKind::kNotFound, "switched off by AWS_EC2_METADATA_DISABLED");
    auto token = co_await ask_token();
    AWL_CO_TRY(const Secret secret, std::move(token));
    auto role = co_await get(std::string(kRolePath), secret);
    AWL_CO_TRY(const ServiceReply named, std::move(role));
    if (named.status == 404) co_return fail(ErrorKind::kNotFound, "the instance has no role");
    if (!named.ok())
      co_return unusable(fmt::format("the name of its role was refused with {}", named.status));
    const std::string name(trim(named.body));
    if (name.empty() || name.find_first_of("/?#\r\n ") != std::string::npos)
      co_return unusable("the name of its role is malformed");
    auto answer = co_await get(std::string(kRolePath) + name, secret);
    AWL_CO_TRY(const ServiceReply reply, std::move(answer));
    if (!reply.ok()) co_return unusable(fmt::format("role {} was refused with {}", name, reply.status));
    co_return read(reply.body, name);
  }

 private:
  Task<Result<Secret>> ask_token() {
    const auto make = [this] {
      net::HttpRequest request = make_request(kTokenPath);
      request.method = "PUT";
      request.headers = {{"x-aws-ec2-metadata-token-ttl-seconds", std::string(kTokenLifetime)}};
      return request;
    };
    auto reply = co_await call_service(http_, make, "the instance metadata service", kLimits);
    if (!reply && reply.error().kind == ErrorKind::kTimeout) {
      co_return fail(
          ErrorKind::kNotFound,
          "no answer from the instance metadata service (in a container on an instance, its hop limit "
          "must be 2)");
    }
    if (!reply) co_return fail(ErrorKind::kNotFound, "there is no instance metadata service");
    if (!reply->ok())
      co_return fail(ErrorKind::kNotFound,
                     fmt::format("the instance metadata service refused a token with {}", reply->status));
    Secret token{std::string(trim(reply->body))};
    if (token.empty() || token.expose().find_first_of("\r\n") != std::string::npos)
      co_return unusable("its metadata service gave a malformed token");
    co_return token;
  }

  Task<Result<ServiceReply>> get(std::string path, Secret token) {
    const auto make = [this, &path, &token] {
      net::HttpRequest request = make_request(path);
      request.headers = {{"x-aws-ec2-metadata-token", token.expose()}};
      return request;
    };
    auto reply = co_await call_service(http_, make, "the instance metadata service", kLimits);
    co_return reply;
  }

  net::HttpRequest make_request(std::string_view path) const {
    net::HttpRequest request;
    request.url = options_.endpoint + std::string(path);
    request.bypass_proxy = true;
    return request;
  }

  Result<Credentials> read(const std::string& body, const std::string& role) const {
    if (const auto object = json::parse(body)) {
      const std::string code = json::string_or_empty(*object, "Code");
      if (!code.empty() && code != "Success")
        return unusable(fmt::format("role {}: {}", role, to_utf8(code)));
    }
    return parse_credentials_json(body, "the answer of the instance metadata service",
                                  fmt::format("instance role {}", role), clock_());
  }

  InstanceOptions options_;
  net::HttpClient& http_;
  Clock clock_;
};

}  // namespace

std::unique_ptr<CredentialsProvider> make_instance_provider(InstanceOptions options, net::HttpClient& http,
                                                            Clock clock) {
  return std::make_unique<InstanceProvider>(std::move(options), http, std::move(clock));
}

}  // namespace awl::aws
