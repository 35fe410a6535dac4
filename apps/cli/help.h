#pragma once

#include <span>
#include <string>

#include "cli/flag.h"

namespace awl::cli {

std::string session_help();
std::string status_help();
std::string models_help();

}  // namespace awl::cli
