// Takes a command line apart by a table of flags.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/flag.h"

namespace awl::cli {

/// One flag as it was given.
struct GivenFlag {
  const Flag* flag;
  std::vector<std::string> values;
  std::string name;  ///< as written
};

struct CommandLine {
  std::vector<GivenFlag> flags;
  std::vector<std::string> words;  ///< what belongs to no flag
  std::string list_flag;           ///< the last flag that took words without `=`; empty: none did
};

/// `words` is the command line without the program's name. Takes `--flag value`, `--flag=value`, `-fvalue`
/// and several short flags in one word; after `--` there are no flags. A word with white space in it, as a
/// prompt that begins with a dash, is no flag. Errors: kInvalidInput: an unknown flag, with the nearest known
/// one; a value that is missing or too many.
Result<CommandLine> take_apart(std::span<const char* const> words, std::span<const Flag> flags);

}  // namespace awl::cli
