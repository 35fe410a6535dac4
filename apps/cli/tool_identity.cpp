#include "cli/tool_identity.h"

#include "aws/cached_provider.h"
#include "aws/profile_provider.h"
#include "base/clock.h"
#include "base/strings.h"
#include "cli/state_files.h"

namespace awl::cli {

namespace {

// What would come before the profile, or beside it.
constexpr std::string_view kOtherAwsCredentials[] = {"AWS_ACCESS_KEY_ID",
                                                     "AWS_SECRET_ACCESS_KEY",
                                                     "AWS_SESSION_TOKEN",
                                                     "AWS_SECURITY_TOKEN",
                                                     "AWS_CREDENTIAL_EXPIRATION",
                                                     "AWS_WEB_IDENTITY_TOKEN_FILE",
                                                     "AWS_ROLE_ARN",
                                                     "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                                                     "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                                                     "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                                                     "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"};

class ToolCredentials {
 public:
  explicit ToolCredentials(std::unique_ptr<aws::CachedProvider> credentials)
      : credentials_(std::move(credentials)) {}

  Task<Result<>> add_to(Environment& environment) {
    auto found = co_await credentials_->fetch();
    if (!found) {
      Error error = std::move(found).error();
      error.message = "the tools' AWS credentials (toolsAwsProfile) cannot be had: " + error.message;
      co_return std::unexpected(std::move(error));
    }
    for (const std::string_view name : kOtherAwsCredentials) environment.unset(name);
    environment.unset("AWS_PROFILE");
    environment.set("AWS_ACCESS_KEY_ID", found->access_key_id);
    environment.set("AWS_SECRET_ACCESS_KEY", found->secret_access_key.expose());
    if (!found->session_token.empty()) environment.set("AWS_SESSION_TOKEN", found->session_token.expose());
    co_return Result<>();
  }

 private:
  std::unique_ptr<aws::CachedProvider> credentials_;
};

}  // namespace

void choose_tools_profile(const Setup& setup, Environment& environment) {
  if (!setup.settings.tools_aws_profile) return;
  for (const std::string_view name : kOtherAwsCredentials) environment.unset(name);
  environment.set("AWS_PROFILE", std::string(trim(*setup.settings.tools_aws_profile)));
}

std::function<Task<Result<>>(Environment&)> make_tool_credentials(const Setup& setup, net::HttpClient& http) {
  const config::Settings& settings = setup.settings;
  if (!settings.tools_aws_profile || !settings.tools_aws_session_policy) return {};
  aws::ProfileOptions options{.profile = std::string(trim(*settings.tools_aws_profile)),
                              .profile_was_named = true,
                              .paths = aws::shared_file_paths(setup.environment),
                              .session_policy = *settings.tools_aws_session_policy};
  aws::ProviderParts parts{setup.environment, http, system_clock_now,
                           state_dir(setup.environment, setup.locations.home)};
  auto cached = aws::make_cached_provider(aws::make_profile_provider(std::move(options), std::move(parts)),
                                          system_clock_now);
  const auto identity = std::make_shared<ToolCredentials>(std::move(cached));
  return [identity](Environment& environment) { return identity->add_to(environment); };
}

}  // namespace awl::cli
