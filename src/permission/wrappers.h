// Programs that run another program: which command is it in the end?
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "permission/shell_parse.h"

namespace awl::permission {

/// "rm" for "/usr/bin/rm".
std::string_view base_name(std::string_view program);

/// Programs whose arguments may be text in a language that can run commands.
bool is_interpreter(std::string_view program);

/// The command behind timeout, time, nice, nohup, stdbuf, command, builtin, noglob and an xargs without
/// flags: what an allow rule may be written for. `words` itself when there is none of them, or it is written
/// in a way that is not certain to be understood.
std::span<const Word> strip_wrappers(std::span<const Word> words);

/// Everything that running `words` will run, itself first: behind sudo, env, xargs, find -exec, sh -c, eval
/// and so on. For deny and ask rules: better one too many than one too few.
struct Invocations {
  std::vector<std::vector<Word>> all;
  bool understood = true;  ///< false: a text given to a shell could not be taken apart
};
void add_invocations(std::span<const Word> words, Invocations& into);

/// True for watch, setsid, flock and the like, and find with -exec or -delete: a rule with a wildcard does
/// not allow them.
bool needs_exact_rule(std::span<const Word> words);

/// True when the program is known not to run what its arguments name.
bool is_known_not_to_run_arguments(std::span<const Word> words);

}  // namespace awl::permission
