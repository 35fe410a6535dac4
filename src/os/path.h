// Turning what a person or a model wrote into one path that checks and uses share.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "os/file.h"

namespace awl::os {

/// Absolute and without "." and "..": `~` and `~/` stand for `home`, a relative path is below `cwd`.
/// Purely textual: symbolic links are not looked at.
Path absolute_path(std::string_view text, const Path& cwd, const Path& home);

/// `path` with every symbolic link resolved, also one to what does not exist yet, `..` after that; the part
/// that does not exist yet is kept. This is the path that a permission decision is about.
Path resolve_links(const Path& path);

/// True when `path` is `folder` or below it, by whole components. Both must be absolute and normal.
bool is_within(const Path& path, const Path& folder);

}  // namespace awl::os
