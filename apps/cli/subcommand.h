// The words that are commands when they come first, as data.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "cli/arguments.h"
#include "cli/flag.h"

namespace awl::cli {

struct Subcommand {
  std::string_view names;                      ///< separated by commas
  std::string_view text;                       ///< for --help when it is served, else the answer
  Command command = Command::kRefused;         ///< kRefused: it is not served
  std::span<const Flag> (*flags)() = nullptr;  ///< nullptr: it parses its words itself
  std::string_view about = {};                 ///< what its own --help begins with
  std::string_view words = {};  ///< what its --help calls the words after it; empty: it takes none

  /// The usual one of its names.
  std::string_view name() const { return names.substr(0, names.find(',')); }
  bool is_served() const { return command != Command::kRefused; }
};

std::span<const Subcommand> subcommands();
const Subcommand* find_subcommand(std::string_view name);
/// All names, for suggestions.
std::vector<std::string_view> subcommand_names();

}  // namespace awl::cli
