#include "aws/default_chain.h"

#include "aws/environment_provider.h"
#include "aws/shared_files_provider.h"

namespace awl::aws {

std::unique_ptr<CredentialsChain> make_default_chain(const Environment& environment, Clock clock) {
  const SharedFilePaths paths = shared_file_paths(environment);
  const auto named = named_profile(environment);
  std::vector<std::unique_ptr<CredentialsProvider>> providers;
  if (named) {
    providers.push_back(
        make_shared_files_provider({.profile = *named, .profile_was_named = true, .paths = paths}));
  }
  providers.push_back(make_environment_provider(environment, std::move(clock)));
  // A person who names one profile never gets the keys of another.
  if (!named) providers.push_back(make_shared_files_provider({.paths = paths}));
  return make_chain(std::move(providers));
}

}  // namespace awl::aws
