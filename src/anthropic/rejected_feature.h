// Parts of a request that an upstream does not know: a gateway that is older than its clients refuses new
// fields and betas. Source: product documentation, "llm-gateway-protocol" and "errors".
#pragma once

#include <set>
#include <string>
#include <vector>

#include "anthropic/api_error.h"

namespace awl::anthropic {

/// Names of features that a request can do without: "context_management", "thinking", "effort", "cache_ttl",
/// "metadata", or "beta:" and a value of anthropic-beta.
using Features = std::set<std::string>;

/// Those that a 400 names as unknown or not supported; empty: it is about something else.
std::vector<std::string> rejected_features(const CallError& error);

/// For the person: "the field thinking", "the beta x-2026-01-01".
std::string describe_feature(const std::string& name);

}  // namespace awl::anthropic
