// Whether git would run a program that a repository names. Its files are read directly: git is not started.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/file.h"

namespace awl::permission {

struct GitSetting {
  std::string key;  ///< section and variable in lower case, the subsection as written: "filter.LFS.clean"
  std::optional<std::string> value;  ///< nullopt: a key without `=`, which is true
};

/// The settings of a configuration file, as git reads them. nullopt: git would refuse the file.
std::optional<std::vector<GitSetting>> parse_git_config(std::string_view text);

/// What could make git's reading subcommands (status, log, diff ...) in `folder` run a program, or read
/// elsewhere: a key of a repository's own configuration, "hooks/post-index-change", or what of it cannot be
/// read. nullopt: nothing. Every repository upwards counts, and the submodules that the index names; the
/// person's own configuration is trusted, and so is git-lfs as it sets itself up. Reads a few small files.
std::optional<std::string> find_program_key(const os::Path& folder);

/// The branch that HEAD of the nearest repository names; nullopt: there is none, or HEAD is detached.
std::optional<std::string> read_git_branch(const os::Path& folder);

}  // namespace awl::permission
