#pragma once

#include <chrono>
#include <memory>

#include "aws/credentials.h"
#include "aws/provider_parts.h"

namespace awl::aws {

/// The credentials that a person's set-up gives without a word on the command line, in this order: the
/// profile that AWS_PROFILE names (a missing one is an error), keys in the environment, or without
/// AWS_PROFILE the default profile of the shared files; then web identity, the container, the instance. It
/// does not cache: wrap it in make_cached_provider().
std::unique_ptr<CredentialsChain> make_default_chain(const ProviderParts& parts);

/// CLAUDE_CODE_AWS_CHAIN_RESOLVE_TIMEOUT_MS, else a minute.
std::chrono::milliseconds chain_limit(const Environment& environment);

}  // namespace awl::aws
