#include "os/file_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>

#include "async/timeout.h"

namespace awl::os {

namespace {

// flock(2) can only wait by blocking the thread; the loop asks again instead.
constexpr std::chrono::milliseconds kAskEvery{10};

}  // namespace

Task<Result<FileLock>> FileLock::acquire(Path file, std::chrono::milliseconds limit) {
  AWL_CO_CHECK(make_directories(file.parent_path(), 0700));
  FileDescriptor descriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!descriptor.is_open()) co_return std::unexpected(system_error("open", file, errno));
  const auto give_up = std::chrono::steady_clock::now() + limit;
  while (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) co_return std::unexpected(system_error("lock", file, errno));
    if (std::chrono::steady_clock::now() >= give_up)
      co_return fail(ErrorKind::kTimeout, fmt::format("another process holds {} for more than {} ms",
                                                      file.string(), limit.count()));
    co_await async::sleep_for(kAskEvery);
  }
  co_return FileLock(std::move(descriptor));
}

}  // namespace awl::os
