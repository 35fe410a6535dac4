// The words that are commands when they come first, as data.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace awl::cli {

struct Subcommand {
  std::string_view names;  ///< separated by commas
  std::string_view text;   ///< for --help when it is served, else the answer
  bool served = false;
};

std::span<const Subcommand> subcommands();
const Subcommand* find_subcommand(std::string_view name);
/// All names, for suggestions.
std::vector<std::string_view> subcommand_names();

}  // namespace awl::cli
