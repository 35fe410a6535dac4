#include "tools/process_watch.h"

#include <algorithm>

#include "async/timeout.h"

namespace awl::tools {

Task<WatchEnd> watch_process(os::Process& process, os::Path output, OutputGuard guard,
                             std::optional<std::chrono::milliseconds> limit) {
  using Time = std::chrono::steady_clock;
  const auto deadline = limit ? Time::now() + *limit : Time::time_point::max();
  while (true) {
    const auto left = deadline - Time::now();
    if (left <= Time::duration::zero()) co_return WatchEnd::kTimeLimit;
    const auto status =
        co_await async::with_timeout(process.wait(), std::min<Time::duration>(left, guard.period));
    if (status) co_return WatchEnd::kExited;
    const auto info = os::stat(output);
    if (info && info->size_bytes > guard.max_bytes) co_return WatchEnd::kOutputLimit;
  }
}

}  // namespace awl::tools
