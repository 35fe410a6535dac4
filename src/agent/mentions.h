// Files that a message names with @: they are shown with it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace awl::agent {

struct Mention {
  std::string path;    ///< as written
  int first_line = 0;  ///< of `#L10-20` or `#L10`; 0: the whole file
  int last_line = 0;
};

/// In order, each once. An @ begins one at the start of the text or behind white space or a bracket; a path
/// with spaces stands in quotes.
std::vector<Mention> find_mentions(std::string_view text);

}  // namespace awl::agent
