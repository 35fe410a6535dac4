// What reading and replacing files has in common, whatever way led to them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "os/descriptor.h"
#include "os/file.h"

namespace awl::os {

/// The rest of an open file; `path` is for errors. See read_file().
Result<std::string> read_descriptor(const FileDescriptor& file, const Path& path, uint64_t max_bytes);

/// Replaces `name` in an open folder at one stroke; no link at `name` is followed. `path` is for errors. See
/// write_file_atomic().
Result<> replace_file(const FileDescriptor& folder, const std::string& name, std::string_view bytes,
                      uint32_t mode, const Path& path);

}  // namespace awl::os
