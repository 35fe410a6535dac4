#pragma once

#include <memory>
#include <string>

#include "aws/credentials.h"
#include "aws/sts.h"
#include "os/file.h"

namespace awl::aws {

struct WebIdentityOptions {
  os::Path token_file;
  RoleRequest role;
  std::string place;  ///< who said so: "AWS_WEB_IDENTITY_TOKEN_FILE", "profile ci (…)"
};

/// Assumes a role with an OIDC token of a file, as Kubernetes and CI systems provide it. The file is read
/// anew at each fetch: such tokens rotate. Errors: kCredentials for a file that cannot be read or is empty,
/// and what STS answers.
std::unique_ptr<CredentialsProvider> make_web_identity_provider(WebIdentityOptions options, StsClient sts);

}  // namespace awl::aws
