#include "cli/credentials_setup.h"

#include <unistd.h>

#include "aws/default_chain.h"
#include "aws/export_provider.h"
#include "base/clock.h"
#include "cli/state_files.h"

namespace awl::cli {

std::unique_ptr<aws::CredentialsChain> make_credentials_chain(const Setup& setup, net::HttpClient& http) {
  const Environment& environment = setup.model_environment;
  if (!setup.settings.aws_credential_export) {
    return aws::make_default_chain(
        {environment, http, system_clock_now, state_dir(environment, setup.locations.home)});
  }
  std::vector<std::unique_ptr<aws::CredentialsProvider>> only;
  only.push_back(aws::make_export_provider({.command = *setup.settings.aws_credential_export,
                                            .environment = environment.to_entries(),
                                            .folder = setup.locations.project_dir},
                                           system_clock_now));
  return aws::make_chain(std::move(only), aws::chain_limit(environment));
}

std::unique_ptr<aws::RefreshCommand> make_refresh_command(const Setup& setup) {
  if (!setup.settings.aws_auth_refresh) return nullptr;
  const Environment& environment = setup.model_environment;
  aws::RefreshOptions options{.command = *setup.settings.aws_auth_refresh,
                              .environment = environment.to_entries(),
                              .folder = setup.locations.project_dir,
                              .output_descriptor = STDERR_FILENO,
                              .state_dir = state_dir(environment, setup.locations.home)};
  for (const char* name : {"AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "HOME"})
    options.scope += environment.get(name) + "\n";
  return aws::make_refresh_command(std::move(options), system_clock_now);
}

}  // namespace awl::cli
