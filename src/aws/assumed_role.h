// The role of a profile: with what it is assumed, and how.
#pragma once

#include <string>
#include <vector>

#include "aws/credentials.h"
#include "aws/provider_parts.h"
#include "aws/shared_config.h"

namespace awl::aws {

/// Gives the credentials of the profile that a role is assumed with.
class SourceProfiles {
 public:
  virtual ~SourceProfiles() = default;
  /// `visited` are the profiles whose roles are to be assumed with the result, outermost first.
  virtual Task<Result<Credentials>> resolve(const SharedConfig& shared, std::string profile,
                                            std::vector<std::string> visited) = 0;
};

/// Assumes `role_arn` of `profile` with its source_profile, its credential_source or its
/// web_identity_token_file; a session `policy` (JSON; empty: none) narrows it. Errors: kCredentials naming
/// file and line for a profile that says too little, too much or goes in a circle; kUnsupported for
/// mfa_serial; what the source and STS say.
Task<Result<Credentials>> assume_role(const SharedConfig& shared, std::string profile,
                                      std::vector<std::string> visited, std::string policy,
                                      const ProviderParts& parts, SourceProfiles& sources);

}  // namespace awl::aws
