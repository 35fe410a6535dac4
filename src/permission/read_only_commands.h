// The programs that only read, and the flags with which they still do: capability belongs to (program, flag).
#pragma once

#include <string_view>

namespace awl::permission {

enum class Operands {
  kText,       ///< never paths
  kPaths,      ///< each one may be a path
  kPattern,    ///< the first one is a pattern unless -e or -f gives it; the others may be paths
  kOnePath,    ///< at most one: the second would be written
  kNone,       ///< none at all
  kProcesses,  ///< those of ps: letters, of which e shows environments
  kFormat,     ///< only +FORMAT: anything else would set something
};

struct ReadOnlyProgram {
  std::string_view name;
  Operands operands = Operands::kPaths;
  bool any_flags = false;            ///< no flag of this program writes or runs anything
  std::string_view shorts = {};      ///< otherwise: letters that may stand in a group
  std::string_view with_value = {};  ///< letters that take a value
  std::string_view longs = {};       ///< long flags, each followed by a space; those with a value end in `=`
};

/// nullptr: not in the table.
const ReadOnlyProgram* find_read_only_program(std::string_view name);

/// Whether `git <subcommand>` only reads with all of its flags but those that is_git_flag_dangerous names.
bool is_git_reader(std::string_view subcommand);
/// Flags of git's reading subcommands that write or run something. git takes long flags abbreviated.
bool is_git_flag_dangerous(std::string_view subcommand, std::string_view flag);

/// Number of values that a test or option of `find` takes; -1: not one that only reads.
int find_test_values(std::string_view test);

}  // namespace awl::permission
