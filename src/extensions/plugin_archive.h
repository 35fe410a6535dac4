// Plugins in zip files. Source: product documentation, "plugin-marketplaces", "Zip archives".
#pragma once

#include <functional>
#include <string>

#include "async/task.h"
#include "json/value.h"
#include "os/file.h"

namespace awl::extensions {

/// Gets a zip file of the public network, of a bounded size.
using DownloadArchive = std::function<Task<Result<std::string>>(std::string url)>;

/// Unpacks `zip` below `folder`, which exists and is the person's alone, and gives the folder of the plugin:
/// the top of the archive, or its one folder when the manifest is in there. Errors: those of unpack_zip().
Result<os::Path> unpack_plugin(const os::Path& zip, const os::Path& folder);

struct FetchedArchive {
  os::Path folder;
  std::string digest;  ///< SHA-256 of the zip file, hexadecimal
};

/// A source of the kind `archive`: {url, sha256?}. Errors: kInvalidInput (no https, not the file that is
/// pinned), those of `download` and of unpack_plugin().
Task<Result<FetchedArchive>> fetch_archive(const json::Value& source, os::Path folder,
                                           const DownloadArchive& download);

}  // namespace awl::extensions
