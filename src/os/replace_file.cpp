#include "os/replace_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "base/uuid.h"

namespace awl::os {

namespace {

Result<> write_all(int fd, std::string_view bytes, const Path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return std::unexpected(system_error("write", path, errno));
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

// For a file whose other names, owner or group a new file would not have. The rest is cut off last, so that a
// full disk leaves as much as it can.
Result<> write_in_place(const FileDescriptor& folder, const std::string& name, std::string_view bytes,
                        const Path& path) {
  const FileDescriptor file(::openat(folder.get(), name.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.is_open()) return std::unexpected(system_error("write", path, errno));
  AWL_CHECK(write_all(file.get(), bytes, path));
  if (::ftruncate(file.get(), static_cast<off_t>(bytes.size())) != 0 || ::fsync(file.get()) != 0) {
    return std::unexpected(system_error("write", path, errno));
  }
  return {};
}

// Gives the new file the owner, group and mode of the one that it replaces. False when it may not have them.
Result<bool> dress_as(int fd, const struct stat& existing, const Path& path) {
  struct stat now{};
  if (::fstat(fd, &now) != 0) return std::unexpected(system_error("write", path, errno));
  const bool same = now.st_uid == existing.st_uid && now.st_gid == existing.st_gid;
  if (!same && ::fchown(fd, existing.st_uid, existing.st_gid) != 0) return false;
  if (::fchmod(fd, existing.st_mode & 07777) != 0) {
    return std::unexpected(system_error("write", path, errno));
  }
  return true;
}

}  // namespace

Result<std::string> read_descriptor(const FileDescriptor& file, const Path& path, uint64_t max_bytes) {
  struct stat s{};
  if (::fstat(file.get(), &s) != 0) return std::unexpected(system_error("read", path, errno));
  if (S_ISDIR(s.st_mode)) return fail(ErrorKind::kInvalidInput, fmt::format("{} is a folder", path.string()));
  std::string bytes;
  bytes.resize(S_ISREG(s.st_mode)
                   ? static_cast<size_t>(std::min<uint64_t>(static_cast<uint64_t>(s.st_size), max_bytes)) + 1
                   : 4096);
  size_t filled = 0;
  for (;;) {
    if (filled == bytes.size()) bytes.resize(bytes.size() * 2);
    const ssize_t got = ::read(file.get(), bytes.data() + filled, bytes.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::unexpected(system_error("read", path, errno));
    if (got == 0) break;
    filled += static_cast<size_t>(got);
    if (filled > max_bytes) {
      return fail(ErrorKind::kInvalidInput,
                  fmt::format("{} has more than {} bytes", path.string(), max_bytes));
    }
  }
  bytes.resize(filled);
  return bytes;
}

Result<> replace_file(const FileDescriptor& folder, const std::string& name, std::string_view bytes,
                      uint32_t mode, const Path& path) {
  struct stat existing{};
  const bool replaces = ::fstatat(folder.get(), name.c_str(), &existing, AT_SYMLINK_NOFOLLOW) == 0;
  if (!replaces && errno != ENOENT) return std::unexpected(system_error("write", path, errno));
  if (replaces && S_ISDIR(existing.st_mode)) {
    return fail(ErrorKind::kInvalidInput, fmt::format("{} is a folder", path.string()));
  }
  // A rename asks for the folder's permission alone.
  if (replaces && ::faccessat(folder.get(), name.c_str(), W_OK, AT_EACCESS) != 0) {
    return std::unexpected(system_error("write", path, errno));
  }
  if (replaces && existing.st_nlink > 1) return write_in_place(folder, name, bytes, path);

  const std::string temporary = fmt::format(".{}.{}.tmp", name, random_hex(6));
  {
    const FileDescriptor file(
        ::openat(folder.get(), temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (!file.is_open()) return std::unexpected(system_error("write", path, errno));
    const auto dressed = replaces ? dress_as(file.get(), existing, path) : Result<bool>(true);
    if (dressed && !*dressed) {
      ::unlinkat(folder.get(), temporary.c_str(), 0);
      return write_in_place(folder, name, bytes, path);
    }
    auto written = dressed ? write_all(file.get(), bytes, path) : std::unexpected(dressed.error());
    if (written && ::fsync(file.get()) != 0) written = std::unexpected(system_error("write", path, errno));
    if (!written) {
      ::unlinkat(folder.get(), temporary.c_str(), 0);
      return written;
    }
  }
  if (::renameat(folder.get(), temporary.c_str(), folder.get(), name.c_str()) != 0) {
    const int error_number = errno;
    ::unlinkat(folder.get(), temporary.c_str(), 0);
    return std::unexpected(system_error("write", path, error_number));
  }
  return {};
}

}  // namespace awl::os
