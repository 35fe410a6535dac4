#include "aws/container_provider.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "aws/credentials_json.h"
#include "aws/service_call.h"
#include "base/strings.h"
#include "base/utf8.h"
#include "json/json.h"
#include "net/url.h"

namespace awl::aws {

namespace {

constexpr std::string_view kEcsAgent = "http://169.254.170.2";
// Source: AWS SDKs and Tools Reference Guide, "Container credential provider".
constexpr std::array<std::string_view, 3> kAgentHosts{"169.254.170.2", "169.254.170.23", "fd00:ec2::23"};
constexpr uint64_t kMaxContainerTokenBytes = 64 << 10;

bool is_on_this_machine(std::string_view host) {
  return host == "localhost" || host == "::1" ||
         (host.starts_with("127.") && std::count(host.begin(), host.end(), '.') == 3 &&
          host.find_first_not_of("0123456789.") == std::string_view::npos);
}

std::unexpected<Error> unusable_container(const std::string& why, std::string hint = {}) {
  return fail(ErrorKind::kCredentials, "the container's credentials cannot be had: " + why, std::move(hint));
}

class ContainerProvider : public CredentialsProvider {
 public:
  ContainerProvider(ContainerOptions options, net::HttpClient& http, Clock clock)
      : options_(std::move(options)), http_(http), clock_(std::move(clock)) {}

  std::string name() const override { return "container"; }

  Task<Result<Credentials>> fetch() override {
    AWL_CO_TRY(const std::string url, find_url());
    AWL_CO_TRY(const Secret token, read_token());
    const auto make = [&url, &token] { return make_request(url, token); };
    const CallLimits limits{.connect_timeout = std::chrono::seconds(2),
                            .attempt_timeout = std::chrono::seconds(5)};
    auto reply = co_await call_service(http_, make, "the container's agent at " + url, limits);
    if (!reply) co_return std::unexpected(std::move(reply).error());
    if (!reply->ok()) co_return refused(*reply);
    co_return parse_credentials_json(reply->body, "the answer of " + url, "container role", clock_());
  }

 private:
  Result<std::string> find_url() const {
    if (!options_.relative_uri.empty()) {
      if (!options_.relative_uri.starts_with('/'))
        return unusable_container("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not begin with a slash");
      return std::string(kEcsAgent) + options_.relative_uri;
    }
    if (options_.full_uri.empty())
      return fail(ErrorKind::kNotFound,
                  "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor _FULL_URI is set");
    const auto url = net::parse_url(options_.full_uri);
    if (!url) return unusable_container("AWS_CONTAINER_CREDENTIALS_FULL_URI: " + url.error().message);
    const bool known = std::find(kAgentHosts.begin(), kAgentHosts.end(), url->host) != kAgentHosts.end();
    if (url->scheme == "https" || known || is_on_this_machine(url->host)) return options_.full_uri;
    return unusable_container(
        fmt::format("AWS_CONTAINER_CREDENTIALS_FULL_URI names {} without TLS", url->host),
        "only this machine and the agents of ECS and EKS may be asked in the clear");
  }

  Result<Secret> read_token() const {
    Secret token = options_.token;
    if (!options_.token_file.empty()) {
      auto text = os::read_file(options_.token_file, kMaxContainerTokenBytes);
      if (!text) return unusable_container("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: " + text.error().message);
      token = Secret(std::string(trim(*text)));
    }
    if (token.expose().find_first_of("\r\n") != std::string::npos)
      return unusable_container("the authorization token has a line break in it");
    return token;
  }

  static net::HttpRequest make_request(const std::string& url, const Secret& token) {
    net::HttpRequest request;
    request.url = url;
    request.bypass_proxy = true;
    request.headers = {{"accept", "application/json"}};
    if (!token.empty()) request.headers.push_back({"authorization", token.expose()});
    return request;
  }

  static std::unexpected<Error> refused(const ServiceReply& reply) {
    std::string why = fmt::format("the agent answered {}", reply.status);
    if (const auto body = json::parse(reply.body)) {
      if (const auto message = json::get_string(*body, "message")) why += ": " + redact(*message);
    }
    const bool token = reply.status == 401 || reply.status == 403;
    return unusable_container(why, token ? "it did not accept the authorization token" : "");
  }

  ContainerOptions options_;
  net::HttpClient& http_;
  Clock clock_;
};

}  // namespace

std::unique_ptr<CredentialsProvider> make_container_provider(ContainerOptions options, net::HttpClient& http,
                                                             Clock clock) {
  return std::make_unique<ContainerProvider>(std::move(options), http, std::move(clock));
}

}  // namespace awl::aws
