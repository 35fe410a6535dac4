#pragma once

#include <string>

#include "aws/credentials.h"
#include "aws/shared_config.h"

namespace awl::aws {

/// The keys that stand in a profile, those of the credentials file before those of the config file. Errors:
/// kNotFound when it has none; kCredentials when they are incomplete or malformed.
Result<Credentials> static_keys(const SharedConfig& shared, const std::string& profile);

}  // namespace awl::aws
