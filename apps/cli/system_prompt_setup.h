// The system prompt of a session, from the command line.
#pragma once

#include "agent/system_prompt.h"
#include "cli/arguments.h"
#include "os/file.h"

namespace awl::cli {

/// Files are read relative to `cwd`. Errors: kInvalidInput, naming flag and file.
Result<agent::SystemPromptOptions> make_system_prompt(const Arguments& arguments, const os::Path& cwd,
                                                      const os::Path& home);

}  // namespace awl::cli
