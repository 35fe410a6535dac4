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

}  // namespace awl::agent
