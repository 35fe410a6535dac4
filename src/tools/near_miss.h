#pragma once

#include <string>
#include <string_view>

namespace awl::tools {

/// A text that was to be replaced is not in a file: says what is closest to it, in a few lines, with white
/// space made visible (→ tab, · space). "" when nothing is close. The work is bounded, whatever the sizes.
std::string explain_near_miss(std::string_view file, std::string_view wanted);

}  // namespace awl::tools
