#include "os/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/uuid.h"

namespace awl::os {

namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

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

// Where a rename must go so that a symbolic link stays one.
Path follow_links(const Path& path) {
  std::error_code error;
  if (!std::filesystem::is_symlink(path, error)) return path;
  const Path target = std::filesystem::canonical(path, error);
  return error ? path : target;
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

bool path_exists(const Path& path) { return stat(path).has_value(); }

bool is_folder(const Path& path) {
  const auto info = stat(path);
  return info && info->type == FileInfo::Type::kDirectory;
}

Result<std::string> read_file(const Path& path, uint64_t max_bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
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
  if (replaces && S_ISDIR(existing.st_mode)) {
    return fail(ErrorKind::kInvalidInput, fmt::format("{} is a folder", path.string()));
  }
  const Path temporary =
      target.parent_path() / fmt::format(".{}.{}.tmp", target.filename().string(), random_hex(6));
  {
    const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (file.get() < 0) return std::unexpected(system_error("write", path, errno));
    auto written = write_all(file.get(), bytes, path);
    if (written && replaces && ::fchmod(file.get(), existing.st_mode & 07777) != 0) {
      written = std::unexpected(system_error("write", path, errno));
    }
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
