// Whether one simple command only reads, and only inside the work folders.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "permission/path_rules.h"
#include "permission/policy.h"
#include "permission/shell_parse.h"

namespace awl::permission {

/// Where the shell may be while a script runs.
struct ShellPlace {
  const Situation* situation = nullptr;
  std::vector<os::Path> cwds;   ///< every folder that an earlier `cd` may have led to, the first one included
  bool changed_folder = false;  ///< a `cd` leads to another folder than the current one
  bool unknown_folder = false;  ///< ... or to one that is not known
};

/// Follows the `cd` commands of a script.
ShellPlace follow_cd(const Script& script, const Situation& situation);

/// Why the command is not known to be read-only, one clause; nullopt when it is. Its redirections are not
/// looked at.
std::optional<std::string> find_write(const Command& command, const ShellPlace& place);

/// The paths that the arguments of a command name, as far as they are known. For deny and ask rules.
std::vector<Spellings> mentioned_paths(std::span<const Word> words, const ShellPlace& place);

}  // namespace awl::permission
