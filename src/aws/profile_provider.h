#pragma once

#include <memory>
#include <string>

#include "aws/credentials.h"
#include "aws/provider_parts.h"
#include "aws/shared_config.h"

namespace awl::aws {

struct ProfileOptions {
  std::string profile = "default";
  /// The person asked for this profile by AWS_PROFILE: when it does not exist, that is an error.
  bool profile_was_named = false;
  SharedFilePaths paths;
  /// Narrows the profile's role, JSON; empty: none. A profile that assumes no role is an error then.
  std::string session_policy = {};
};

/// The credentials of one profile, in whichever way it says: a role (with keys of another profile, of the
/// environment, of the machine, or with a web identity), keys, credential_process, SSO, console login. The
/// files are read anew at each fetch, so that what rotates is seen. Errors: kNotFound when the profile does
/// not exist and was not named, or says nothing about credentials; kCredentials when it was named and does
/// not exist, or when what it says does not work; kUnsupported for a role that wants MFA; kParse and those of
/// reading for the files themselves.
std::unique_ptr<CredentialsProvider> make_profile_provider(ProfileOptions options, ProviderParts parts);

}  // namespace awl::aws
