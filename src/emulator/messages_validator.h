// The Messages API's rules for requests, as far as a client can break them. The emulator refuses what the
// platform would refuse; the project's own tests use it as their oracle. Sources: platform docs, "Create a
// Message", "Handle tool calls", "Prompt caching", "Troubleshooting thinking", "Mid-conversation system
// messages".
#pragma once

#include <string>
#include <vector>

#include "emulator/api_error.h"
#include "json/json.h"

namespace awl::emulator {

enum class Endpoint { kMessages, kCountTokens };

/// `betas`: the values of anthropic-beta. Errors: 400, naming the place ("messages.3.content.0: …"); 404 for
/// a model that cannot be one of the platform's.
ApiResult<> validate_request(const json::Value& request, const std::vector<std::string>& betas,
                             Endpoint endpoint);

}  // namespace awl::emulator
