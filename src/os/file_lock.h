// A lock that processes of one person share, held by an open file: the kernel gives it up when its holder
// dies.
#pragma once

#include <chrono>

#include "async/task.h"
#include "os/descriptor.h"
#include "os/file.h"

namespace awl::os {

class FileLock {
 public:
  /// Waits until `file` (created when it is not there, 0600; its folder too, 0700) is locked for this process
  /// alone. Cancellable. Errors: kTimeout after `limit`; kIo, kPermissionDenied.
  static Task<Result<FileLock>> acquire(Path file, std::chrono::milliseconds limit);

  FileLock(FileLock&&) = default;
  FileLock& operator=(FileLock&&) = default;

 private:
  explicit FileLock(FileDescriptor descriptor) : descriptor_(std::move(descriptor)) {}
  FileDescriptor descriptor_;
};

}  // namespace awl::os
