#pragma once

#include <string_view>

#include "base/error.h"

namespace awl::cli {

/// A line on standard error. Never fails: a standard error that cannot be written is no reason to end.
void tell(std::string_view line);
/// "Error: …" on standard error. The exit code: 1.
int complain(const Error& error);
/// Text on standard output. The exit code: 0, or 1 when it could not be written, which is told unless the
/// reader just went away.
int print_text(std::string_view text);

}  // namespace awl::cli
