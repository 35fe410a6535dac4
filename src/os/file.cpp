#include "os/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/uuid.h"
#include "os/descriptor.h"
#include "os/path.h"

namespace awl::os {

namespace {

ErrorKind kind_of(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return ErrorKind::kNotFound;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorKind::kPermissionDenied;
    case EISDIR:
    case ENAMETOOLONG:
    case ELOOP:
      return ErrorKind::kInvalidInput;
    default:
      return ErrorKind::kIo;
  }
}

FileInfo to_info(const struct stat& s) {
  FileInfo info;
  info.type = S_ISREG(s.st_mode)   ? FileInfo::Type::kRegular
              : S_ISDIR(s.st_mode) ? FileInfo::Type::kDirectory
                                   : FileInfo::Type::kOther;
  info.size_bytes = static_cast<uint64_t>(s.st_size);
  info.modified_ns = static_cast<int64_t>(s.st_mtim.tv_sec) * 1'000'000'000 + s.st_mtim.tv_nsec;
  info.device = s.st_dev;
  info.inode = s.st_ino;
  info.mode = s.st_mode & 07777;
  return info;
}

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

// Where a rename must go so that a symbolic link stays one, also a link to what does not exist yet.
Path follow_links(const Path& path) {
  std::error_code error;
  return std::filesystem::is_symlink(path, error) ? resolve_links(path) : path;
}

// For a file whose other names, owner or group a new file would not have. The rest is cut off last, so that a
// full disk leaves as much as it can.
Result<> write_in_place(const Path& target, std::string_view bytes, const Path& path) {
  const FileDescriptor file(::open(target.c_str(), O_WRONLY | O_CLOEXEC));
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

Error system_error(std::string_view action, const Path& path, int error_number) {
  return Error{kind_of(error_number),
               fmt::format("cannot {} {}: {}", action, path.string(), std::strerror(error_number)), "", ""};
}

Result<FileInfo> stat(const Path& path) {
  struct stat s{};
  if (::stat(path.c_str(), &s) != 0) return std::unexpected(system_error("read", path, errno));
  return to_info(s);
}

std::string file_system_id(const Path& path) {
  struct statfs info{};
  if (::statfs(path.c_str(), &info) != 0) return "";
  return fmt::format("{:x}:{:x}:{:x}", static_cast<unsigned long>(info.f_type),
                     static_cast<unsigned>(info.f_fsid.__val[0]),
                     static_cast<unsigned>(info.f_fsid.__val[1]));
}

bool path_exists(const Path& path) { return stat(path).has_value(); }

bool is_folder(const Path& path) {
  const auto info = stat(path);
  return info && info->type == FileInfo::Type::kDirectory;
}

Result<std::string> read_file(const Path& path, uint64_t max_bytes) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return std::unexpected(system_error("read", path, errno));
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

Result<> write_file_atomic(const Path& path, std::string_view bytes, uint32_t mode) {
  const Path target = follow_links(path);
  struct stat existing{};
  const bool replaces = ::stat(target.c_str(), &existing) == 0;
  if (!replaces && errno != ENOENT) return std::unexpected(system_error("write", path, errno));
  if (replaces && S_ISDIR(existing.st_mode)) {
    return fail(ErrorKind::kInvalidInput, fmt::format("{} is a folder", path.string()));
  }
  // A rename asks for the folder's permission alone.
  if (replaces && ::faccessat(AT_FDCWD, target.c_str(), W_OK, AT_EACCESS) != 0) {
    return std::unexpected(system_error("write", path, errno));
  }
  if (replaces && existing.st_nlink > 1) return write_in_place(target, bytes, path);

  const Path temporary =
      target.parent_path() / fmt::format(".{}.{}.tmp", target.filename().string(), random_hex(6));
  {
    const FileDescriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (!file.is_open()) return std::unexpected(system_error("write", path, errno));
    const auto dressed = replaces ? dress_as(file.get(), existing, path) : Result<bool>(true);
    if (dressed && !*dressed) {
      ::unlink(temporary.c_str());
      return write_in_place(target, bytes, path);
    }
    auto written = dressed ? write_all(file.get(), bytes, path) : std::unexpected(dressed.error());
    if (written && ::fsync(file.get()) != 0) written = std::unexpected(system_error("write", path, errno));
    if (!written) {
      ::unlink(temporary.c_str());
      return written;
    }
  }
  if (::rename(temporary.c_str(), target.c_str()) != 0) {
    const int error_number = errno;
    ::unlink(temporary.c_str());
    return std::unexpected(system_error("write", path, error_number));
  }
  return {};
}

Result<> make_directories(const Path& path, uint32_t mode) {
  if (path.empty() || is_folder(path)) return {};
  if (path.has_parent_path() && path.parent_path() != path) {
    AWL_CHECK(make_directories(path.parent_path(), mode));
  }
  if (::mkdir(path.c_str(), mode) != 0 && !(errno == EEXIST && is_folder(path))) {
    return std::unexpected(system_error("create", path, errno));
  }
  return {};
}

Result<std::vector<std::string>> list_directory(const Path& path) {
  DIR* directory = ::opendir(path.c_str());
  if (directory == nullptr) return std::unexpected(system_error("read", path, errno));
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(directory)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  ::closedir(directory);
  std::sort(names.begin(), names.end());
  return names;
}

Result<Path> make_private_directory(const Path& parent, std::string_view prefix) {
  const Path path = parent / fmt::format("{}{}", prefix, random_hex(8));
  if (::mkdir(path.c_str(), 0700) != 0) return std::unexpected(system_error("create", path, errno));
  return path;
}

}  // namespace awl::os
