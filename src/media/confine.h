// Takes from this process what decoding does not need.
#pragma once

#include "base/error.h"

namespace awl::media {

/// From here on: bounded memory and CPU time, no new files, sockets, processes or programs; only the open
/// descriptors. What is tried all the same fails with EPERM. For a process that does nothing else. Errors:
/// kUnsupported, when the kernel cannot do it.
Result<> confine();

}  // namespace awl::media
