#pragma once

#include <string>

#include "base/error.h"

namespace awl::cli {

/// The prompt of a headless run: the argument, then what is piped into standard input on a line of its own. A
/// terminal is not read; when there is an argument and a pipe stays silent for a few seconds, it is not
/// waited for. One that cannot be read is a warning. Errors: kInvalidInput: nothing to do, or more than 10 MB
/// piped.
Result<std::string> read_prompt(const std::string& argument, int descriptor);

}  // namespace awl::cli
