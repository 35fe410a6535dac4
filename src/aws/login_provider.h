#pragma once

#include <memory>
#include <string>

#include "aws/credentials.h"
#include "base/clock.h"
#include "os/file.h"

namespace awl::aws {

struct LoginOptions {
  std::string profile;    ///< for the advice to sign in
  std::string session;    ///< login_session
  os::Path cache_folder;  ///< AWS_LOGIN_CACHE_DIRECTORY, else ~/.aws/login/cache
};

/// The credentials that `aws login` (console sign-in) keeps on disk and that the AWS CLI renews there; the
/// file is read anew at each fetch. Errors: kCredentials, which say to sign in. Source: AWS SDKs and Tools
/// Reference Guide, "Login credentials provider".
std::unique_ptr<CredentialsProvider> make_login_provider(LoginOptions options, Clock clock);

}  // namespace awl::aws
