#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "async/task.h"
#include "os/file.h"
#include "os/process.h"

namespace awl::tools {

/// How much a command may write to its output file, and how often that is looked at.
struct OutputGuard {
  uint64_t max_bytes = 5ULL << 30;
  std::chrono::milliseconds period{1000};
};

enum class WatchEnd { kExited, kTimeLimit, kOutputLimit };

/// Waits until `process` ends, `limit` is over, or `output` is larger than the guard allows. Leaves the
/// process alone. Cancellable. `process` must live as long as the task.
Task<WatchEnd> watch_process(os::Process& process, os::Path output, OutputGuard guard,
                             std::optional<std::chrono::milliseconds> limit);

}  // namespace awl::tools
