#pragma once

#include <memory>

#include "aws/credentials.h"
#include "base/clock.h"
#include "base/environment.h"

namespace awl::aws {

/// The credentials that a person's set-up gives without a word on the command line, in this order: the
/// profile that AWS_PROFILE names (a missing one is an error), keys in the environment, or without
/// AWS_PROFILE the default profile of the shared files. It does not cache: wrap it in make_cached_provider().
std::unique_ptr<CredentialsChain> make_default_chain(const Environment& environment, Clock clock);

}  // namespace awl::aws
