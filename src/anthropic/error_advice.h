// What a person can do about a request that failed for good: the variable, file, setting or IAM action to
// change. Sources: platform docs, "Claude Platform on AWS"; product documentation, "errors" and
// "claude-platform-on-aws".
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "anthropic/api_error.h"
#include "anthropic/provider.h"
#include "base/clock.h"

namespace awl::anthropic {

/// What the advice depends on.
struct AdviceFacts {
  Provider provider;
  std::string refresh_command;  ///< awsAuthRefresh; empty: not set
  bool has_fallback = false;    ///< models stand by for one that is overloaded
};

/// Completes the sentence of `error`: leads with what went wrong where the status alone does not say it, and
/// sets the hint unless it has a better one. Leaves an error alone that it knows nothing about.
void advise(CallError& error, const AdviceFacts& facts);

/// How far this machine's clock is behind the one of the server (negative: ahead), by the `date` header of
/// its response; nullopt without one, or when they agree to within the time that a signature may be off.
std::optional<std::chrono::seconds> clock_skew(const net::Headers& headers, TimePoint now);

/// Whether a refusal says that the signature's date is the reason.
bool blames_clock(std::string_view message);

}  // namespace awl::anthropic
