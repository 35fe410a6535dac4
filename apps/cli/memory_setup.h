// Which memory files a session is told.
#pragma once

#include <optional>

#include "cli/arguments.h"
#include "cli/session_setup.h"
#include "memory/instruction_files.h"

namespace awl::cli {

/// nullopt with --bare, --safe-mode and CLAUDE_CODE_DISABLE_CLAUDE_MDS.
std::optional<memory::InstructionOptions> make_instruction_options(const Setup& setup,
                                                                   const Arguments& arguments);

}  // namespace awl::cli
