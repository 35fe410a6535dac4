#include "aws/machine_providers.h"

#include <fmt/format.h>

#include "aws/container_provider.h"
#include "aws/endpoints.h"
#include "aws/instance_provider.h"
#include "aws/region.h"
#include "aws/web_identity_provider.h"
#include "base/strings.h"

namespace awl::aws {

namespace {

std::string trimmed_variable(const Environment& environment, std::string_view name) {
  return std::string(trim(environment.get(name)));
}

// A provider that always says the same.
class FixedError : public CredentialsProvider {
 public:
  FixedError(std::string name, Error error) : name_(std::move(name)), error_(std::move(error)) {}
  std::string name() const override { return name_; }
  Task<Result<Credentials>> fetch() override { co_return std::unexpected(error_); }

 private:
  std::string name_;
  Error error_;
};

}  // namespace

StsClient make_sts_client(const ProviderParts& parts) {
  std::string region = resolve_region(parts.environment).region;
  std::string endpoint = service_endpoint(parts.environment, Service::kSts, region);
  return {parts.http, {std::move(endpoint), std::move(region)}, parts.clock};
}

std::string default_session_name(TimePoint now) {
  return fmt::format("awl-{}",
                     std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
}

std::unique_ptr<CredentialsProvider> make_web_identity_from_environment(const ProviderParts& parts) {
  const std::string file = trimmed_variable(parts.environment, "AWS_WEB_IDENTITY_TOKEN_FILE");
  const std::string role = trimmed_variable(parts.environment, "AWS_ROLE_ARN");
  if (file.empty()) {
    return std::make_unique<FixedError>(
        "web identity", Error{ErrorKind::kNotFound, "AWS_WEB_IDENTITY_TOKEN_FILE is not set", "", ""});
  }
  if (role.empty()) {
    return std::make_unique<FixedError>(
        "web identity",
        Error{ErrorKind::kCredentials, "AWS_WEB_IDENTITY_TOKEN_FILE is set, AWS_ROLE_ARN is not",
              "set AWS_ROLE_ARN to the role that the token is for", ""});
  }
  WebIdentityOptions options{.token_file = file, .role = {}, .place = "AWS_WEB_IDENTITY_TOKEN_FILE"};
  options.role.role_arn = role;
  options.role.session_name = trimmed_variable(parts.environment, "AWS_ROLE_SESSION_NAME");
  if (options.role.session_name.empty()) options.role.session_name = default_session_name(parts.clock());
  return make_web_identity_provider(std::move(options), make_sts_client(parts));
}

std::unique_ptr<CredentialsProvider> make_container_from_environment(const ProviderParts& parts) {
  const Environment& environment = parts.environment;
  return make_container_provider(
      {.relative_uri = trimmed_variable(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"),
       .full_uri = trimmed_variable(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
       .token_file = trimmed_variable(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"),
       .token = Secret(trimmed_variable(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN"))},
      parts.http, parts.clock);
}

std::unique_ptr<CredentialsProvider> make_instance_from_environment(const ProviderParts& parts) {
  const Environment& environment = parts.environment;
  InstanceOptions options;
  options.disabled = environment.is_on("AWS_EC2_METADATA_DISABLED");
  if (equals_ignore_case(trimmed_variable(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"), "IPv6"))
    options.endpoint = "http://[fd00:ec2::254]";
  std::string endpoint = trimmed_variable(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
  while (endpoint.ends_with('/')) endpoint.pop_back();
  if (!endpoint.empty()) options.endpoint = std::move(endpoint);
  return make_instance_provider(std::move(options), parts.http, parts.clock);
}

}  // namespace awl::aws
