#pragma once

#include <memory>
#include <string>

#include "aws/credentials.h"
#include "base/clock.h"
#include "net/http.h"
#include "os/file.h"

namespace awl::aws {

struct SsoOptions {
  std::string profile;  ///< for the advice to sign in
  std::string session;  ///< of `sso_session`; empty: the legacy form
  std::string start_url;
  std::string account_id;
  std::string role_name;
  std::string region;           ///< sso_region
  std::string portal_endpoint;  ///< in sso_region, which need not be that of the calls
  std::string oidc_endpoint;
  os::Path cache_folder;  ///< ~/.aws/sso/cache
  os::Path state_dir;     ///< for the lock under which a token is renewed; empty: none
};

/// Exchanges the token of `aws sso login` for credentials of a role. A token that is about to expire is
/// renewed without asking anybody, where its sign-in allows that. Errors: kCredentials, which say to sign in
/// when that is what helps.
std::unique_ptr<CredentialsProvider> make_sso_provider(SsoOptions options, net::HttpClient& http,
                                                       Clock clock);

}  // namespace awl::aws
