// Where the credentials of the model's calls come from.
#pragma once

#include <memory>

#include "aws/credentials.h"
#include "aws/refresh_command.h"
#include "cli/session_setup.h"
#include "net/http.h"

namespace awl::cli {

/// The command of awsCredentialExport when it is set, else AWS's default chain. `http` outlives it.
std::unique_ptr<aws::CredentialsChain> make_credentials_chain(const Setup& setup, net::HttpClient& http);

/// The command of awsAuthRefresh; nullptr when it is not set. Its output goes to standard error.
std::unique_ptr<aws::RefreshCommand> make_refresh_command(const Setup& setup);

}  // namespace awl::cli
