// A question with yes and no, on the terminal.
#pragma once

#include <string_view>

namespace awl::cli {

/// Asks on standard error and reads a line of standard input: true for y and yes. Where that is no terminal
/// nobody is asked, and the answer is no.
bool confirm(std::string_view question);

}  // namespace awl::cli
