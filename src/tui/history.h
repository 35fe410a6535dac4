// What a person wrote before, in this folder.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "os/file.h"

namespace awl::tui {

class History {
 public:
  /// `file` holds one JSON object a line, of all folders; empty: nothing is kept. What cannot be read is not
  /// there.
  History(os::Path file, std::string folder);

  /// Remembers a text. Where it cannot be written it is known until the end of the process.
  void add(const std::string& text);
  /// The one before, or after, the one that was given last; `current` is what stands there now, which comes
  /// back behind the newest. nullopt: there is none.
  std::optional<std::string> older(const std::string& current);
  std::optional<std::string> newer();
  /// The next older() gives the newest again.
  void rewind() { position_ = 0; }

  /// The newest first, each once.
  std::vector<std::string> all() const;

 private:
  void shorten();

  os::Path file_;
  std::string folder_;
  std::vector<std::string> texts_;
  size_t position_ = 0;  // back from the end; 0: what stands there now
  std::string current_;
};

}  // namespace awl::tui
