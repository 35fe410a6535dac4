// What a model loses of the files that it worked with when its conversation is compacted, and gets again.
#pragma once

#include <string>

#include "tools/session.h"

namespace awl::agent {

/// The files that were read or changed last, as they are now: at most five, 20 KB of each, what may be read
/// without a question. They count as read from then on. "" for none.
std::string recent_files_reminder(tools::Session& session);

}  // namespace awl::agent
