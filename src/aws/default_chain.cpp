#include "aws/default_chain.h"

#include "aws/environment_provider.h"
#include "aws/machine_providers.h"
#include "aws/profile_provider.h"
#include "base/strings.h"

namespace awl::aws {

namespace {

constexpr long long kMaxLimitMs = 2'147'483'647;  // what a person means by "no limit"

}  // namespace

std::chrono::milliseconds chain_limit(const Environment& environment) {
  const auto set = parse_integer(trim(environment.get("CLAUDE_CODE_AWS_CHAIN_RESOLVE_TIMEOUT_MS")));
  if (!set || *set <= 0) return std::chrono::minutes(1);
  return std::chrono::milliseconds(std::min(*set, kMaxLimitMs));
}

std::unique_ptr<CredentialsChain> make_default_chain(const ProviderParts& parts) {
  const SharedFilePaths paths = shared_file_paths(parts.environment);
  const auto named = named_profile(parts.environment);
  std::vector<std::unique_ptr<CredentialsProvider>> providers;
  if (named) {
    providers.push_back(
        make_profile_provider({.profile = *named, .profile_was_named = true, .paths = paths}, parts));
  }
  providers.push_back(make_environment_provider(parts.environment, parts.clock));
  // A person who names one profile never gets the keys of another.
  if (!named) providers.push_back(make_profile_provider({.paths = paths}, parts));
  providers.push_back(make_web_identity_from_environment(parts));
  providers.push_back(make_container_from_environment(parts));
  providers.push_back(make_instance_from_environment(parts));
  return make_chain(std::move(providers), chain_limit(parts.environment));
}

}  // namespace awl::aws
