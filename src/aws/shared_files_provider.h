#pragma once

#include <memory>
#include <string>

#include "aws/credentials.h"
#include "aws/shared_config.h"

namespace awl::aws {

struct SharedFilesOptions {
  std::string profile = "default";
  /// The person asked for this profile by AWS_PROFILE: when it does not exist, that is an error.
  bool profile_was_named = false;
  SharedFilePaths paths;
};

/// The static keys of one profile. The files are read anew at each fetch, so that rotated keys are seen.
/// Errors: kNotFound when the profile does not exist and was not named, or says nothing about credentials;
/// kCredentials when it was named and does not exist, or when its keys are incomplete or malformed;
/// kUnsupported when it gets its credentials in a way that this version cannot; kParse and those of reading
/// for the files themselves.
std::unique_ptr<CredentialsProvider> make_shared_files_provider(SharedFilesOptions options);

}  // namespace awl::aws
