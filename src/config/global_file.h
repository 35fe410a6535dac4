// ~/.claude.json, which several programs write to: kept in copies, because much is lost with it.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "config/locations.h"

namespace awl::config {

/// update_file() of the global file. What it was before is kept in <claude_dir>/backups, the latest five
/// times. One that is no JSON is kept there as well, and the latest good copy is what `change` begins with.
Result<> update_global_file(const Locations& locations,
                            const std::function<Result<std::string>(std::string_view)>& change);

/// update_global_file() when `file` is the global one, else update_file().
Result<> update_shared_file(const Locations& locations, const os::Path& file,
                            const std::function<Result<std::string>(std::string_view)>& change);

}  // namespace awl::config
