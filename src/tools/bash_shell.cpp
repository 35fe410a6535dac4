#include "tools/bash_shell.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/strings.h"
#include "tools/session.h"

namespace awl::tools {

namespace {

constexpr std::string_view kDefaultShell = "/bin/bash";

// Runs its arguments in a namespace of processes of their own, where the system lets us make one: with a
// /proc that shows nothing of ours, whose environment still has what children are not to know.
constexpr std::string_view kIsolate =
    R"(for user in "" "--user --map-current-user"; do )"
    R"(unshare $user --pid --fork --kill-child --mount-proc true 2>/dev/null && )"
    R"(exec unshare $user --pid --fork --kill-child --mount-proc -- "$@"; done; exec "$@")";

// The trap keeps the exit code. Its redirection of stderr hides it from `set -x`.
std::string make_text(const Shell& shell, const ShellScript& script) {
  std::string text;
  if (!script.snapshot_file.empty())
    text += fmt::format(". {} 2>/dev/null; ", quote_word(script.snapshot_file.string()));
  // Permission rules read commands without extended patterns; the shell must read them alike. The price: a
  // function of the person's whose `case` has such patterns does not match.
  if (!shell.is_zsh) text += "shopt -u extglob; ";
  for (const os::Path& file : script.env_files) text += fmt::format(". {}; ", quote_word(file.string()));
  text += fmt::format("trap '{{ pwd -P >&{}; }} 2>/dev/null' EXIT; ", script.folder_fd);
  if (script.relay_output) text += "exec > >(exec cat) 2>&1; ";
  // One line, so that the line numbers in the shell's messages are those of the command.
  text += "eval " + quote_on_one_line(script.command);
  return text;
}

}  // namespace

Shell choose_shell(const Environment& environment) {
  const os::Path chosen = environment.get("CLAUDE_CODE_SHELL");
  const std::string name = chosen.filename().string();
  if (chosen.is_absolute() && (name == "bash" || name == "zsh") && ::access(chosen.c_str(), X_OK) == 0) {
    return {chosen, name == "zsh"};
  }
  // Systems without /bin/bash have it somewhere in PATH.
  return {::access(kDefaultShell.data(), X_OK) == 0 ? kDefaultShell : "bash", false};
}

std::string quote_word(std::string_view text) {
  return "'" + replace_all(std::string(text), "'", R"('\'')") + "'";
}

std::string quote_on_one_line(std::string_view text) {
  std::string quoted = "$'";
  quoted.reserve(text.size() + 16);
  for (const char c : text) {
    if (c == '\n') {
      quoted += "\\n";
      continue;
    }
    if (c == '\\' || c == '\'') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

std::vector<std::string> make_arguments(const Shell& shell, const ShellScript& script,
                                        const Environment& environment) {
  std::string text = make_text(shell, script);
  const std::string prefix = environment.get("CLAUDE_CODE_SHELL_PREFIX");
  if (!trim(prefix).empty()) {
    const std::string invocation =
        fmt::format("{} -c {}", quote_word(shell.program.string()), quote_word(text));
    text = fmt::format("{} {}", prefix, quote_word(invocation));
  }
  std::vector<std::string> arguments;
  if (environment.is_on("CLAUDE_CODE_SUBPROCESS_ENV_SCRUB"))
    arguments = {"/bin/sh", "-c", std::string(kIsolate), "sh"};
  arguments.insert(arguments.end(), {shell.program.string(), "-c", std::move(text)});
  return arguments;
}

std::vector<os::Path> find_env_files(const Environment& environment, const Session& session) {
  std::vector<os::Path> files;
  for (const os::Path& file : {os::Path(environment.get("CLAUDE_ENV_FILE")), session.hook_env_file}) {
    if (!file.empty() && os::path_exists(file)) files.push_back(file);
  }
  return files;
}

Environment make_child_environment(const Session& session) {
  Environment environment = session.child_environment;
  for (const auto& [name, value] : session.child_environment.values()) {
    if (name.starts_with("OTEL_")) environment.unset(name);
  }
  environment.set("CLAUDECODE", "1");
  environment.set("CLAUDE_CODE_SESSION_ID", session.id);
  environment.set("CLAUDE_CODE_CHILD_SESSION", "1");
  environment.set("CLAUDE_PID", std::to_string(::getpid()));
  // Nobody could answer an editor.
  environment.set("GIT_EDITOR", "true");
  return environment;
}

Task<Result<Environment>> prepare_child_environment(const Session& session) {
  Environment environment = make_child_environment(session);
  if (session.add_credentials) {
    const Result<> added = co_await session.add_credentials(environment);
    if (!added) co_return std::unexpected(added.error());
  }
  co_return environment;
}

}  // namespace awl::tools
