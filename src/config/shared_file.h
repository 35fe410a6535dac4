// Files that several processes change: settings, and what is kept of a person's projects.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "os/file.h"

namespace awl::config {

/// Replaces `file` by what `change` makes of its contents ("" when it is not there): no change of another
/// process is lost, no reader ever sees half of it, and its mode stays as it is (a new file is 0600). Nothing
/// is written when nothing changes. Waits for other processes. Errors: those of `change`; kIo and the like.
Result<> update_file(const os::Path& file,
                     const std::function<Result<std::string>(std::string_view)>& change);

}  // namespace awl::config
