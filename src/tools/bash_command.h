// What the Bash tool guesses from the text of a command. These guesses choose words and defaults; none of
// them decides what may run: that is src/permission, with a real parse.
#pragma once

#include <string_view>

namespace awl::tools {

/// When exit code 1 of the last command of `command` is an answer and no failure (grep, diff, test …): what
/// it says, such as "no match". Else "". Source: tools-reference, "Output limits".
std::string_view meaning_of_exit_one(std::string_view command);

/// False for commands that are stopped at their time limit instead: those that start with sleep or run git.
/// Source: tools-reference, "Background commands".
bool may_continue_in_background(std::string_view command);

/// True when the command has a cd, pushd, popd or chdir in it.
bool changes_folder(std::string_view command);

/// True for a single command that prints nothing when all is well, such as mkdir.
bool is_silent_by_nature(std::string_view command);

/// True when the command opens /dev/stdout or the like by name, which would truncate a file behind it.
bool reopens_output(std::string_view command);

}  // namespace awl::tools
