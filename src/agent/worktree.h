// Git worktrees: a checkout of its own for a session or a subagent. Source: product documentation,
// "worktrees".
#pragma once

#include <string>
#include <vector>

#include "async/task.h"
#include "base/environment.h"
#include "base/error.h"
#include "os/file.h"

namespace awl::agent {

struct Worktree {
  os::Path root;  ///< of the repository
  os::Path path;
  std::string base;     ///< the commit that it began with
  bool is_new = false;  ///< made now, not found
};

/// How a new one is made: `worktree` of the settings.
struct WorktreeOptions {
  bool from_head = false;                        ///< baseRef is "head"
  std::vector<std::string> sparse_paths;         ///< only these folders are checked out; empty: all
  std::vector<std::string> symlink_directories;  ///< of the main checkout, that it shares
};

/// Opens `.claude/worktrees/<name>` at the root of the repository that holds `folder`, or makes it: on a new
/// branch `worktree-<name>`, from the remote's default branch as it was fetched last, else (or with
/// `from_head`) from HEAD. `#<number>`, or the address of a pull or merge request, is that request as
/// `origin` has it, in `pr-<number>`. Files that .worktreeinclude names and git ignores are copied. `name`
/// "": one is made up. Errors: kInvalidInput (the name, no repository, links where the worktree would be),
/// kIo with what git says.
Task<Result<Worktree>> open_worktree(os::Path folder, std::string name, WorktreeOptions options,
                                     Environment environment);

/// Removes a worktree in which nothing was changed and nothing committed; false: it stays.
Task<bool> remove_if_unchanged(Worktree worktree, Environment environment);

}  // namespace awl::agent
