#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace awl::cli {

/// The level of the command line interface that is implemented; clients compare it.
std::string_view interface_version();
/// Errors: kInvalidInput, when the interface level is outside what an organisation asks for ("2.1.150"; empty
/// or no version: no bound). Source: product documentation, "settings-reference", requiredMinimumVersion.
Result<> check_version(const std::string& minimum, const std::string& maximum);

/// "2.1.197 (Awl 0.1.0)": the interface level, then the product.
std::string_view version_line();
/// "awl/0.1.0"
std::string_view user_agent();

}  // namespace awl::cli
