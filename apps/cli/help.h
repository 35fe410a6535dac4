#pragma once

#include <string>

#include "cli/subcommand.h"

namespace awl::cli {

std::string session_help();
/// Of one that is served.
std::string command_help(const Subcommand& command);

}  // namespace awl::cli
