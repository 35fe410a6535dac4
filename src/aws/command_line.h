#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace awl::aws {

/// The words of a credential_process line, as the AWS tools split it: white space separates, single and
/// double quotes hold together, a backslash takes the next character as it is (not inside single quotes). No
/// shell is involved: nothing is expanded. Errors: kInvalidInput for an open quote or an empty line; the text
/// itself is not repeated, it may hold secrets.
Result<std::vector<std::string>> split_command_line(std::string_view text);

}  // namespace awl::aws
