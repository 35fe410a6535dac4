// What the model is told about where it works.
#pragma once

#include <string>

#include "async/task.h"
#include "base/clock.h"
#include "base/environment.h"
#include "os/file.h"

namespace awl::agent {

/// A text part of the system prompt: folder, platform, date, and for a git repository its branch and status
/// as they are now (bounded in time and length; git is not asked outside a repository).
Task<std::string> describe_environment(os::Path project_dir, Environment environment, TimePoint now);

/// The remotes of the folder's repository, and what is not committed in it, each as a short text; empty
/// outside of a repository, and of one whose configuration may run a program.
Task<std::string> git_remotes(os::Path folder, Environment environment);
Task<std::string> git_changes(os::Path folder, Environment environment);

}  // namespace awl::agent
