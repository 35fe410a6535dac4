// How a request proves who is asking. The messages client knows credentials only through this.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "anthropic/provider.h"
#include "async/task.h"
#include "aws/cached_provider.h"
#include "aws/refresh_command.h"
#include "base/clock.h"
#include "net/http.h"
#include "os/file.h"

namespace awl::anthropic {

class Authenticator {
 public:
  virtual ~Authenticator() = default;
  /// Adds the headers to a request that is complete otherwise; called anew for every attempt, retries
  /// included. Errors: kCredentials and what the sources of credentials say.
  virtual Task<Result<>> authenticate(net::HttpRequest& request) = 0;
  /// After a 401 or 403 of a request that was sent with `refused`: looks for other credentials than those.
  /// `response` are the headers of the refusal: when they show that this machine's clock is off, what is
  /// signed from then on is dated by the server's. True when a further attempt may be answered differently.
  /// Errors: why nothing could be renewed.
  virtual Task<Result<bool>> refresh(const net::Headers& refused, const net::Headers& response) = 0;
};

/// x-api-key or Authorization: Bearer from `provider.secret`, or nothing for AuthMethod::kNone.
std::unique_ptr<Authenticator> make_key_authenticator(const Provider& provider);

/// Answers every request with `error`: for a provider that check() finds unusable, so that nothing is ever
/// sent.
std::unique_ptr<Authenticator> make_refusing_authenticator(Error error);

/// `Authorization: Bearer` with a token of Microsoft Entra ID that the Azure CLI (`az account
/// get-access-token`) gives; it is kept until five minutes before it expires. Errors: kCredentials with what
/// the command said.
std::unique_ptr<Authenticator> make_entra_authenticator(std::vector<std::string> environment, os::Path folder,
                                                        Clock clock);

/// SigV4 for the service of the provider (aws-external-anthropic, bedrock) in `provider.region`. Signs host,
/// content-type, anthropic-version, anthropic-workspace-id, x-amz-* and `provider.signed_headers`, each as
/// far as its value is ASCII; over `provider.sign_host` and the platform's own path when that is set.
/// `refresh` (nullptr: none) is run when the platform refuses credentials that no source has a replacement
/// for; `credentials` may refer to it.
std::unique_ptr<Authenticator> make_sigv4_authenticator(const Provider& provider,
                                                        std::unique_ptr<aws::RefreshCommand> refresh,
                                                        std::unique_ptr<aws::CachedProvider> credentials,
                                                        Clock clock);

}  // namespace awl::anthropic
