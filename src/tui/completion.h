// What a person may be about to write: commands after a slash, files after an @.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "os/file.h"

namespace awl::tui {

struct Candidate {
  std::string text;    ///< that stands in the place of what was written
  std::string detail;  ///< what it is
};

struct Completion {
  size_t begin = 0;  ///< of what would be replaced, up to the cursor
  std::vector<Candidate> candidates;
};

/// `commands` are without their slash. At most 200 candidates; of files those whose folder was written so
/// far.
Completion complete(std::string_view text, size_t cursor, const std::vector<Candidate>& commands,
                    const os::Path& folder);

}  // namespace awl::tui
