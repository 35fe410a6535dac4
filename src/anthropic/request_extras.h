// What a person adds to every request: betas, headers, fields of the body. Source: product documentation,
// "env-vars" and "errors".
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "net/http.h"

namespace awl::anthropic {

struct RequestExtras {
  std::vector<std::string> betas;  ///< values of anthropic-beta beyond those that the request itself needs
  bool experimental = true;        ///< features that are in beta, with their headers and fields, may be used
  net::Headers headers;  ///< each name once; they take the place of the client's own. Values are Latin-1.
  std::vector<std::pair<std::string, std::string>> body;  ///< top-level fields: key, value as JSON text

  /// The value of a field of `body` when it is a string, else "".
  std::string body_string(std::string_view key) const;
};

/// ANTHROPIC_BETAS and `betas` (values of --betas, each a list by commas), ANTHROPIC_CUSTOM_HEADERS,
/// CLAUDE_CODE_EXTRA_BODY and CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS. What can be left out without harm is,
/// and said in `problems`. Errors: kInvalidInput, naming the variable and the place in it, never its value,
/// which may be a secret: a header that HTTP cannot carry, a body that is no JSON object, a beta that is no
/// name.
Result<RequestExtras> read_request_extras(const Environment& environment,
                                          const std::vector<std::string>& betas,
                                          std::vector<std::string>& problems);

}  // namespace awl::anthropic
