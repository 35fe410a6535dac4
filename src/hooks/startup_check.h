// Hooks that can never run, told of before they are needed.
#pragma once

#include <string>
#include <vector>

#include "base/environment.h"
#include "hooks/hook_table.h"
#include "os/file.h"

namespace awl::hooks {

/// A sentence for each command hook whose program does not exist, has no run bit, or whose quotes do not
/// close. A command that begins with an expansion is not judged.
std::vector<std::string> find_broken_hooks(const HookTable& table, const Environment& environment,
                                           const os::Path& project_dir, const os::Path& home);

}  // namespace awl::hooks
