// How long things are kept, and what there is of a session. Source: product documentation,
// "claude-directory", "Cleaned up automatically".
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/clock.h"
#include "os/file.h"

namespace awl::session {

/// What exists of a session besides its transcript, <claude_dir>/projects/<project>/<id>.jsonl: the folder
/// beside it, and its task list, file versions, hook environment and log below <claude_dir>.
std::vector<os::Path> kept_with(const os::Path& transcript);

struct SweepOutcome {
  size_t removed = 0;     ///< files and folders
  bool complete = false;  ///< false: the time was up before everything was looked at
};

/// Removes what nobody wrote to for `keep`: transcripts with what is kept with them, and what stands alone of
/// sessions that are gone. Sessions that a process writes to stay, and so do memory files. What cannot be
/// removed stays, too. Ends after about `limit`.
SweepOutcome sweep(const os::Path& claude_dir, std::chrono::days keep, TimePoint now,
                   std::chrono::milliseconds limit);

}  // namespace awl::session
