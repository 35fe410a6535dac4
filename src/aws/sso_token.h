// The tokens that `aws sso login` leaves on disk. Source: AWS SDKs and Tools Reference Guide, "IAM Identity
// Center credential provider"; the form of the files as the AWS CLI writes them.
#pragma once

#include <optional>
#include <string>

#include "async/task.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"
#include "json/value.h"
#include "net/http.h"
#include "os/file.h"

namespace awl::aws {

struct SsoToken {
  Secret access_token;
  TimePoint expires_at{};
  // What renews it, where the sign-in gave it:
  std::string client_id;
  Secret client_secret;
  Secret refresh_token;
  std::optional<TimePoint> registration_expires_at;

  bool can_be_renewed(TimePoint now) const;
};

/// The file of an sso-session (its name) or of a legacy profile (its start URL) in the cache folder.
os::Path sso_token_file(const os::Path& cache_folder, const std::string& session_or_url);

/// Errors: kNotFound when there is no such file: nobody signed in; kCredentials when it is malformed.
Result<SsoToken> read_sso_token(const os::Path& file);

/// Exchanges the refresh token at `endpoint` (OIDC) and writes the file anew, with every other field of it
/// kept, readable by its owner alone. A token that cannot be written is still good for this run. Errors:
/// kCredentials when the service refuses, those of call_service().
Task<Result<SsoToken>> renew_sso_token(net::HttpClient& http, std::string endpoint, os::Path file,
                                       SsoToken token, Clock clock);

}  // namespace awl::aws
