#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "os/file.h"

namespace awl::session {

/// A message of the person, as a place to go back to.
struct Prompt {
  std::string uuid;
  std::string before;  ///< uuid of the record before it; empty: it is the first
  std::string text;
};

/// The messages of the person that the conversation of a transcript holds now, the first first: after the
/// last compaction, and without what was gone back behind. Errors: kNotFound (the file), kIo.
Result<std::vector<Prompt>> list_prompts(const os::Path& file);

}  // namespace awl::session
