// The executables that belong to awl and lie beside it, such as awl-emulator.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/error.h"

namespace awl::cli {

/// The path of our executable `awl-<name>`: beside this program, in the installation's libexec/awl, or in its
/// own folder of the build tree. Errors: kNotFound with every place that was looked at.
Result<std::filesystem::path> find_helper_program(std::string_view name);

}  // namespace awl::cli
