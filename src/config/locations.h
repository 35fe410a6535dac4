// Where things are kept.
#pragma once

#include <vector>

#include "base/environment.h"
#include "os/file.h"

namespace awl::config {

struct Locations {
  os::Path home;
  os::Path claude_dir;   ///< CLAUDE_CONFIG_DIR, else ~/.claude
  os::Path global_file;  ///< ~/.claude.json, or .claude.json in CLAUDE_CONFIG_DIR
  os::Path managed_dir;  ///< /etc/claude-code
  os::Path project_dir;  ///< the folder that the person started in, links resolved
  /// .claude/settings.local.json: those of the folder itself and, where that is inside of a Git repository,
  /// that of the repository's root, which counts more. The last one is written to.
  std::vector<os::Path> local_settings;
};

/// The root of the repository that a folder is in, that of the main checkout for a worktree; empty: there is
/// none.
os::Path find_repository(const os::Path& folder);

/// The main checkout and the worktrees of the repository that holds `folder`; `folder` alone when none does.
std::vector<os::Path> worktrees_of(const os::Path& folder);

/// `cwd` must be absolute. HOME missing: kInvalidInput.
Result<Locations> find_locations(const Environment& environment, const os::Path& cwd);

/// The folder of one session's files: <claude_dir>/projects/<project, everything but letters and digits as
/// '-'>/<session>.
os::Path session_dir(const Locations& locations, std::string_view session_id);

}  // namespace awl::config
