// Files and folders of the local machine, with errors that name the path.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace awl::os {

using Path = std::filesystem::path;

struct FileInfo {
  enum class Type { kRegular, kDirectory, kOther };
  Type type = Type::kOther;
  uint64_t size_bytes = 0;
  int64_t modified_ns = 0;  ///< since the epoch
  uint64_t device = 0;
  uint64_t inode = 0;
  uint32_t mode = 0;  ///< permission bits
};

/// stat(2), symbolic links followed. Errors: kNotFound, kPermissionDenied, kIo.
Result<FileInfo> stat(const Path& path);
/// The file system that `path` is on, the same after the machine was started anew (statfs(2), type and
/// f_fsid); empty when it cannot be asked.
std::string file_system_id(const Path& path);
bool path_exists(const Path& path);
bool is_folder(const Path& path);

/// The whole file. Errors: kNotFound, kPermissionDenied, kIo; kInvalidInput for a folder, or when the file
/// has more than `max_bytes`.
Result<std::string> read_file(const Path& path, uint64_t max_bytes = UINT64_MAX);

/// Replaces the file at one stroke: a temporary file beside it, fsync, rename. A symbolic link is followed
/// and kept, also one whose target does not exist yet. Mode, owner and group of an existing file are kept; a
/// new one gets `mode`. A file with several names (hard links), or whose owner we may not give away, is
/// written in place instead. Errors: kPermissionDenied, also for a file that may not be written although its
/// folder may; kNotFound, kInvalidInput, kIo.
Result<> write_file_atomic(const Path& path, std::string_view bytes, uint32_t mode = 0666);

/// mkdir -p. Ok when it exists already.
Result<> make_directories(const Path& path, uint32_t mode = 0777);

/// Entries' names, sorted, without "." and "..".
Result<std::vector<std::string>> list_directory(const Path& path);

/// A new private folder (0700) under `parent`, named `prefix` and random characters. The caller removes it.
Result<Path> make_private_directory(const Path& parent, std::string_view prefix);

/// The error of a failed system call, from errno: "cannot read /x: No such file or directory".
Error system_error(std::string_view action, const Path& path, int error_number);

}  // namespace awl::os
