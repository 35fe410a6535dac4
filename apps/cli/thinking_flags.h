#pragma once

#include "base/environment.h"
#include "cli/arguments.h"

namespace awl::cli {

/// `environment` as the choice of thinking should see it: --thinking and --max-thinking-tokens beat the
/// variables that say the same.
Environment with_thinking_flags(const Environment& environment, const Arguments& arguments);

}  // namespace awl::cli
