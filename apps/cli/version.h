#pragma once

#include <string_view>

namespace awl::cli {

/// The level of the command line interface that is implemented; clients compare it.
std::string_view interface_version();
/// "2.1.197 (Awl 0.1.0)": the interface level, then the product.
std::string_view version_line();
/// "awl/0.1.0"
std::string_view user_agent();

}  // namespace awl::cli
