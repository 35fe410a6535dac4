#include "os/resolved_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "os/replace_file.h"

namespace awl::os {

namespace {

constexpr int kFolderFlags = O_PATH | O_DIRECTORY | O_CLOEXEC;

// For kernels before 5.6, and sandboxes that do not know the call.
int open_step_by_step(const Path& path, int flags) {
  FileDescriptor folder(::open("/", kFolderFlags));
  const Path relative = path.relative_path();
  for (auto part = relative.begin(); part != relative.end(); ++part) {
    const bool last = std::next(part) == relative.end();
    FileDescriptor next(::openat(folder.get(), part->c_str(), (last ? flags : kFolderFlags) | O_NOFOLLOW));
    if (!next.is_open()) return -1;
    folder = std::move(next);
  }
  return folder.release();
}

int open_without_links(const Path& path, int flags) {
  open_how how{};
  how.flags = static_cast<uint64_t>(static_cast<unsigned>(flags));
  how.resolve = RESOLVE_NO_SYMLINKS;
  const auto fd = static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof(how)));
  if (fd >= 0 || (errno != ENOSYS && errno != EPERM && errno != EINVAL)) return fd;
  return open_step_by_step(path, flags);
}

Error link_in_the_way(const Path& path) {
  return Error{
      ErrorKind::kInvalidInput,
      fmt::format("{} is not what it was when the call was judged: a symbolic link stands there or above it "
                  "now",
                  path.string()),
      "Make the call again.", ""};
}

std::unexpected<Error> open_error(std::string_view action, const Path& path, int error_number) {
  if (error_number == ELOOP) return std::unexpected(link_in_the_way(path));
  return std::unexpected(system_error(action, path, error_number));
}

// The folder, made with those above it when it is not there.
Result<FileDescriptor> open_folder(const Path& path) {
  FileDescriptor folder(open_without_links(path, kFolderFlags));
  if (folder.is_open()) return folder;
  if (errno != ENOENT || path == path.parent_path()) return open_error("write", path, errno);
  AWL_TRY(const FileDescriptor parent, open_folder(path.parent_path()));
  const std::string name = path.filename().string();
  if (::mkdirat(parent.get(), name.c_str(), 0777) != 0 && errno != EEXIST)
    return open_error("create", path, errno);
  FileDescriptor made(::openat(parent.get(), name.c_str(), kFolderFlags | O_NOFOLLOW));
  if (!made.is_open()) return open_error("create", path, errno);
  return made;
}

}  // namespace

Result<FileDescriptor> open_resolved(const Path& path, int flags) {
  FileDescriptor file(open_without_links(path, flags | O_CLOEXEC));
  if (!file.is_open()) return open_error("read", path, errno);
  return file;
}

Path path_of_descriptor(const FileDescriptor& descriptor) {
  return fmt::format("/proc/self/fd/{}", descriptor.get());
}

Result<std::string> read_resolved_file(const Path& path, uint64_t max_bytes) {
  AWL_TRY(const FileDescriptor file, open_resolved(path, O_RDONLY | O_NONBLOCK));
  return read_descriptor(file, path, max_bytes);
}

Result<> write_resolved_file(const Path& path, std::string_view bytes, uint32_t mode) {
  AWL_TRY(const FileDescriptor folder, open_folder(path.parent_path()));
  const std::string name = path.filename().string();
  struct stat existing{};
  if (::fstatat(folder.get(), name.c_str(), &existing, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(existing.st_mode))
    return std::unexpected(link_in_the_way(path));
  return replace_file(folder, name, bytes, mode, path);
}

}  // namespace awl::os
