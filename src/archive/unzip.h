// Zip files of strangers. Source: PKWARE APPNOTE 6.3.10.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "os/path.h"

namespace awl::archive {

struct UnzipLimits {
  size_t files = 20'000;               ///< folders and links are counted, too
  uint64_t bytes = 256ULL << 20U;      ///< of all files as they are unpacked
  uint64_t zip_bytes = 256ULL << 20U;  ///< of the zip file itself
  size_t depth = 32;                   ///< of folders
};

/// Unpacks `file` into `folder`, which exists, is empty, and belongs to the person alone: folders and files
/// are theirs alone, too. Errors: kNotFound, kIo; kParse (no zip file, or a damaged one); kInvalidInput (an
/// entry that leads out of the folder, also by a link; neither file, folder nor link; beyond a limit);
/// kUnsupported (libzip is not installed). What was unpacked until then stays.
Result<> unpack_zip(const os::Path& file, const os::Path& folder, const UnzipLimits& limits = {});

}  // namespace awl::archive
