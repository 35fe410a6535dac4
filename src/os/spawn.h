// The system calls that start a child. Used by Process::start alone.
#pragma once

#include <sys/types.h>

#include "base/error.h"
#include "os/descriptor.h"
#include "os/process.h"

namespace awl::os {

struct Spawned {
  pid_t pid = 0;
  FileDescriptor pidfd;  ///< readable once the child has ended
};

/// As Process::start. Returns when the child runs its program, so a failed exec is an error here.
Result<Spawned> spawn(const ProcessOptions& options);

}  // namespace awl::os
