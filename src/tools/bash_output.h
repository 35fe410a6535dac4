// Reading back what a command wrote to its output file: no more than is shown.
#pragma once

#include <cstdint>
#include <string>

namespace awl::tools {

struct ShownOutput {
  std::string text;         ///< valid UTF-8; no blank lines before it, no new line after it
  bool whole = true;        ///< false: `text` is only a part
  uint64_t size_bytes = 0;  ///< of the file
};

/// All of the output when it has at most `max_chars` characters, else about two kilobytes of its start.
ShownOutput read_whole_or_start(int fd, size_t max_chars);

/// All of the output when it has at most `max_chars` characters, else that much of its start and its end, and
/// between them a line that says how much is missing.
ShownOutput read_whole_or_ends(int fd, size_t max_chars);

}  // namespace awl::tools
