#pragma once

#include <optional>
#include <string>
#include <string_view>
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

/// What the person wrote, when a record of a transcript (valid JSON) is a message of theirs.
std::optional<std::string> prompt_of(std::string_view record);

/// The messages of the person that the conversation of a transcript holds now, the first first: after the
/// last compaction, and without what was gone back behind. Errors: kNotFound (the file), kIo.
Result<std::vector<Prompt>> list_prompts(const os::Path& file);

}  // namespace awl::session
