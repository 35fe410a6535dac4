// Brings the files of a marketplace or a plugin to where they are used.
#pragma once

#include <chrono>
#include <string>

#include "async/task.h"
#include "base/environment.h"
#include "extensions/marketplace.h"
#include "extensions/marketplace_source.h"
#include "extensions/plugin_archive.h"

namespace awl::extensions {

struct GitOptions {
  Environment environment;  ///< of the person: their credentials and proxies are git's matter
  std::chrono::milliseconds limit{120'000};
};

/// A clone without history, in the place of what is at `folder`; its commit. `ref` may be empty; `commit`, 40
/// hexadecimal digits, counts more. Nobody is asked for a password. Errors: kInvalidInput, kTimeout, kIo with
/// what git says; what was at `folder` stays then.
Task<Result<std::string>> clone_repository(std::string url, std::string ref, std::string commit,
                                           os::Path folder, GitOptions options);

struct PluginFiles {
  os::Path path;
  std::string version;
  std::string commit;  ///< empty: it comes from no repository
};

/// Copies the files of an entry below `cache`/<marketplace>/<plugin>/<version>. Links that lead out of the
/// marketplace or repository are left out, so is .git. Where the plugin has no manifest, or the entry is not
/// `strict`, the entry becomes its manifest. Errors: kUnsupported (a kind of source that is not there yet),
/// kInvalidInput (a path that leads out, too many files), those of clone_repository() and fetch_archive(),
/// kIo. `download` may be empty: then no archive is fetched.
Task<Result<PluginFiles>> fetch_plugin(const Marketplace& market, const MarketplaceEntry& entry,
                                       os::Path cache, GitOptions options, DownloadArchive download);

}  // namespace awl::extensions
