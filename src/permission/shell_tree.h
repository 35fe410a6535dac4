// The second opinion on a shell command: the tree-sitter grammar for bash.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace awl::permission {

/// What the grammar sees in a command, by offsets, sorted.
struct ShellOutline {
  std::vector<size_t> words;  ///< where a word of a simple command begins, names included
  std::vector<size_t>
      builtins;  ///< where declare, export, unset, `[` and `[[` begin: it parses their words differently
};

/// nullopt: the grammar finds an error, or takes too long.
std::optional<ShellOutline> outline_shell(std::string_view text);

}  // namespace awl::permission
