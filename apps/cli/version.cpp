#include "cli/version.h"

#define AWL_INTERFACE_VERSION "2.1.197"

namespace awl::cli {

std::string_view interface_version() { return AWL_INTERFACE_VERSION; }
std::string_view version_line() { return AWL_INTERFACE_VERSION " (Awl " AWL_VERSION ")"; }
std::string_view user_agent() { return "awl/" AWL_VERSION; }

}  // namespace awl::cli
