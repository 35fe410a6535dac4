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
#include "os/replace_file.h"

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

// Where a rename must go so that a symbolic link stays one, also a link to what does not exist yet.
Path follow_links(const Path& path) {
  std::error_code error;
  return std::filesystem::is_symlink(path, error) ? resolve_links(path) : path;
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
  if (!file.is_open()) return std::unexpected(system_error("read", path, errno));
  return read_descriptor(file, path, max_bytes);
}

Result<> write_file_atomic(const Path& path, std::string_view bytes, uint32_t mode) {
  const Path target = follow_links(path);
  const Path parent = target.has_parent_path() ? target.parent_path() : Path(".");
  const FileDescriptor folder(::open(parent.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open()) return std::unexpected(system_error("write", path, errno));
  return replace_file(folder, target.filename().string(), bytes, mode, path);
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
