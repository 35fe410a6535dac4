// Answers that come whole instead of as a stream: how to ask for one, and how to read it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "net/http.h"

namespace awl::anthropic {

/// The same request for an answer in one piece. Not authenticated yet, because the body changes.
net::HttpRequest as_non_streaming(net::HttpRequest request);

/// The events of the stream that would have brought this message; the error event for {"type":"error",…}.
/// Errors: kParse, when `body` is no message of the Messages API.
Result<std::vector<std::string>> events_of_message(std::string_view body);

/// What came with status 200 instead of a message, for the person: its type, kind, size and origin.
Error describe_non_message(const net::Headers& headers, std::string_view body);

}  // namespace awl::anthropic
