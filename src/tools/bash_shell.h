// How a command line reaches a shell: which shell, with which script around it, in which environment.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "async/task.h"
#include "base/environment.h"
#include "base/error.h"
#include "os/file.h"

namespace awl::tools {

struct Session;

struct Shell {
  os::Path program;
  bool is_zsh = false;
};

/// CLAUDE_CODE_SHELL when it is an executable bash or zsh, else /bin/bash.
Shell choose_shell(const Environment& environment);

/// `text` as one word of a POSIX shell: 'it'\''s'.
std::string quote_word(std::string_view text);
/// `text` as one word on one line, for bash and zsh: $'it\'s\ntwo lines'.
std::string quote_on_one_line(std::string_view text);

struct ShellScript {
  std::string command;                   ///< what the model wants to run
  os::Path snapshot_file = {};           ///< aliases and functions of the person; may be empty
  std::vector<os::Path> env_files = {};  ///< read before the command
  int folder_fd = -1;  ///< the script writes the shell's last folder here, and nothing else does
  bool relay_output =
      false;  ///< let a cat write the output file, so that opening /dev/stdout cannot truncate it
};

/// The program and arguments that run it. With CLAUDE_CODE_SHELL_PREFIX in `environment`, that prefix gets
/// the whole shell invocation as its one argument; with CLAUDE_CODE_SUBPROCESS_ENV_SCRUB it all runs in a
/// namespace of processes of its own, where the system allows that.
std::vector<std::string> make_arguments(const Shell& shell, const ShellScript& script,
                                        const Environment& environment);

/// What is read before a command: CLAUDE_ENV_FILE, and what hooks wrote into theirs.
std::vector<os::Path> find_env_files(const Environment& environment, const Session& session);

/// The environment of a command: the session's, what is documented for children, no OTEL_*.
Environment make_child_environment(const Session& session);
/// The same with the tools' own AWS credentials, when they have some.
Task<Result<Environment>> prepare_child_environment(const Session& session);

}  // namespace awl::tools
