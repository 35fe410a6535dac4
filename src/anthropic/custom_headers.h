// ANTHROPIC_CUSTOM_HEADERS. Source: product documentation, "errors", "Invalid request header value".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "net/http.h"

namespace awl::anthropic {

/// Reads `Name: Value` lines. Of a name that comes twice, the last value counts. Lines without a name and
/// headers that belong to the connection or to the signature are left out and named in `problems`.
/// Errors: kInvalidInput for a character that a header cannot carry: which header, and where in it; its text
/// is not repeated, it may be a secret.
Result<net::Headers> parse_custom_headers(std::string_view text, std::vector<std::string>& problems);

/// What keeps `value` (UTF-8) from being a header's value: "a line break at character 41"; "" when nothing
/// does.
std::string describe_header_fault(std::string_view value);

}  // namespace awl::anthropic
