#pragma once

#include <memory>

#include "aws/credentials.h"
#include "base/clock.h"
#include "base/environment.h"

namespace awl::aws {

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_CREDENTIAL_EXPIRATION. Empty counts as
/// unset. Errors: kNotFound when neither key is set; kCredentials when one of the two is missing, when a
/// value is malformed, or when the expiration has passed.
std::unique_ptr<CredentialsProvider> make_environment_provider(const Environment& environment, Clock clock);

}  // namespace awl::aws
