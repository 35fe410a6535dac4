// Files at paths whose links were resolved when the path was judged. Whoever puts a symbolic link there
// between the judgement and the use, in the place of the file or of a folder above it, gets an error: no link
// is followed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "os/descriptor.h"
#include "os/file.h"

namespace awl::os {

/// openat2(2) with RESOLVE_NO_SYMLINKS; where the kernel does not have it, folder by folder. `path` is
/// absolute, as resolve_links() gives it. Errors: kInvalidInput (a link stands on the way), kNotFound,
/// kPermissionDenied, kIo.
Result<FileDescriptor> open_resolved(const Path& path, int flags);

/// A name under which a child finds what `descriptor` is, if it begins with a copy of our descriptors: for
/// the working_directory of ProcessOptions.
Path path_of_descriptor(const FileDescriptor& descriptor);

/// read_file() of such a path.
Result<std::string> read_resolved_file(const Path& path, uint64_t max_bytes = UINT64_MAX);

/// write_file_atomic() of such a path; folders that are missing are made.
Result<> write_resolved_file(const Path& path, std::string_view bytes, uint32_t mode = 0666);

}  // namespace awl::os
