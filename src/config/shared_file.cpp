#include "config/shared_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>

#include "os/descriptor.h"

namespace awl::config {

namespace {

// Locks the file that stands at `path` now: a writer that was faster has put another in its place.
Result<os::FileDescriptor> lock(const os::Path& path) {
  for (;;) {
    os::FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file.is_open()) return std::unexpected(os::system_error("open", path, errno));
    while (::flock(file.get(), LOCK_EX) != 0) {
      if (errno != EINTR) return std::unexpected(os::system_error("lock", path, errno));
    }
    struct stat locked{};
    struct stat named{};
    if (::fstat(file.get(), &locked) == 0 && ::stat(path.c_str(), &named) == 0 &&
        locked.st_ino == named.st_ino && locked.st_dev == named.st_dev)
      return file;
  }
}

}  // namespace

Result<> update_file(const os::Path& file,
                     const std::function<Result<std::string>(std::string_view)>& change) {
  AWL_CHECK(os::make_directories(file.parent_path(), 0700));
  AWL_TRY(const os::FileDescriptor held, lock(file));
  AWL_TRY(const std::string before, os::read_file(file));
  AWL_TRY(const std::string after, change(before));
  if (after == before) return {};
  AWL_TRY(const os::FileInfo info, os::stat(file));
  return os::write_file_atomic(file, after, info.mode);
}

}  // namespace awl::config
