// The AWS identity of what tools start, apart from that of model calls.
#pragma once

#include <functional>

#include "async/task.h"
#include "base/environment.h"
#include "cli/session_setup.h"
#include "net/http.h"

namespace awl::cli {

/// With toolsAwsProfile: `environment` names that profile instead of what it has of AWS credentials.
void choose_tools_profile(const Setup& setup, Environment& environment);

/// With toolsAwsProfile and toolsAwsSessionPolicy: fetches the profile's role, narrowed by the policy, from
/// STS when the first child needs it and again before it expires, and puts it into the child's environment.
/// An empty function: neither is needed. `http` outlives it.
std::function<Task<Result<>>(Environment&)> make_tool_credentials(const Setup& setup, net::HttpClient& http);

}  // namespace awl::cli
