// Line differences in the form that clients show: hunks of a unified diff as data.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"

namespace awl::tools {

struct Hunk {
  size_t old_start = 1;  ///< the first line, counted from 1
  size_t old_lines = 0;
  size_t new_start = 1;
  size_t new_lines = 0;
  /// Each with ' ', '-' or '+' in front; a last line without newline is followed by "\ No newline at end of
  /// file".
  std::vector<std::string> lines;
};

/// What turns `old_text` into `new_text`, with three lines of context. The shortest script when the texts are
/// close; the whole differing middle as one replacement when they are not, so that time stays linear. Empty
/// when the texts are equal, or when the patch would have more than `max_bytes`.
std::vector<Hunk> make_patch(std::string_view old_text, std::string_view new_text,
                             size_t max_bytes = 1 << 20);

/// [{oldStart, oldLines, newStart, newLines, lines}]
json::Value to_json(const std::vector<Hunk>& hunks);

}  // namespace awl::tools
