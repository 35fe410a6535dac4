#include "tools/bash_snapshot.h"

#include <fmt/format.h>

#include <filesystem>
#include <string_view>
#include <utility>

#include "base/strings.h"
#include "base/uuid.h"
#include "os/process.h"
#include "tools/session.h"

namespace awl::tools {

namespace {

constexpr size_t kMaxBytes = 4 << 20;
constexpr std::string_view kEndMark = "# complete";

// Both scripts are one compound command: the shell has read all of it before the person's aliases exist. The
// trap serves start-up files that end the shell; its output goes past the redirections of that moment.
// Functions come first, so that their bodies are read without the aliases. Completion functions are of no use
// here.
constexpr std::string_view kBashScript = R"sh({
before=$(shopt -p; set +o)
exec 198>&1
awl_write_snapshot() {
after=$(builtin shopt -p; builtin set +o)
builtin trap - EXIT; exec >&198 2>/dev/null
IFS=$' \t\n'; builtin unset HISTFILE; builtin unset -f awl_write_snapshot
builtin set +eux; builtin set +o noglob; builtin shopt -u nullglob failglob; builtin shopt -s extdebug
functions=$(builtin declare -F $(builtin compgen -A function) | while builtin read -r name line source; do
  case $source in *bash-completion/*|*bash_completion*) ;; *) builtin declare -f -- "$name" ;; esac; done)
[ -z "$functions" ] || builtin printf 'shopt -s extglob\n%s\n' "$functions"
aliases=$(builtin alias -p)
[ -z "$aliases" ] || builtin printf 'shopt -s expand_aliases\n%s\n' "$aliases"
while IFS= builtin read -r option; do
  case $'\n'$before$'\n' in *$'\n'"$option"$'\n'*) continue ;; esac
  case $option in *monitor|*history|*histexpand|*emacs|*vi|*expand_aliases|*extdebug) ;;
    *) builtin printf '%s\n' "$option" ;; esac
done <<< "$after"
builtin printf '# complete\n'
builtin exit 0
}
trap awl_write_snapshot EXIT
. RCFILE >/dev/null 2>&1 </dev/null
awl_write_snapshot
})sh";

constexpr std::string_view kZshScript = R"sh({
before=$'\n'"$(setopt)"$'\n'
exec {awl_output}>&1
_awl_write_snapshot() {
[[ -z $awl_written ]] || builtin exit 0
awl_written=1
after=$'\n'"$(builtin setopt)"$'\n'
builtin trap - EXIT; exec >&$awl_output 2>/dev/null
builtin emulate -R zsh
builtin unset HISTFILE
for name in ${(f)"$(builtin typeset +f)"}; do [[ $name == _* ]] || builtin typeset -f -- $name; done
builtin alias -L
for name in ${(f)after}; do
  [[ $before == *$'\n'$name$'\n'* || $name == (monitor|zle) ]] || builtin print -r -- "setopt $name"
done
for name in ${(f)before}; do
  [[ $after == *$'\n'$name$'\n'* || $name == (interactive|monitor|zle|shinstdin) ]] ||
    builtin print -r -- "unsetopt $name"
done
builtin print -r -- '# complete'
exec >/dev/null
builtin exit 0
}
trap _awl_write_snapshot EXIT
. RCFILE >/dev/null 2>&1 </dev/null
_awl_write_snapshot
})sh";

os::Path find_start_file(const Shell& shell, const Session& session) {
  if (!shell.is_zsh) return session.home / ".bashrc";
  const std::string folder = session.child_environment.get("ZDOTDIR");
  return (folder.empty() ? session.home : os::Path(folder)) / ".zshrc";
}

std::vector<std::string> make_snapshot_arguments(const Shell& shell, const os::Path& start_file) {
  const std::string script = replace_all(std::string(shell.is_zsh ? kZshScript : kBashScript), "RCFILE",
                                         quote_word(start_file.string()));
  // Interactive, because many start-up files end early otherwise; their own start-up is ours to call.
  if (shell.is_zsh) return {shell.program.string(), "-f", "-i", "-c", script};
  return {shell.program.string(), "--noprofile", "--norc", "-i", "-c", script};
}

}  // namespace

ShellSnapshot::~ShellSnapshot() {
  std::error_code ignored;
  if (!file_.empty()) std::filesystem::remove(file_, ignored);
}

std::string ShellSnapshot::take_note() { return std::exchange(note_, {}); }

Task<> ShellSnapshot::ensure(const Shell& shell, const Session& session) {
  if (!changed_) changed_.emplace(session.executor);
  while (state_ == State::kRunning) co_await changed_->wait();
  if (state_ == State::kDone) co_return;
  // A cancelled attempt does not count.
  struct Attempt {
    ShellSnapshot& snapshot;
    State end = State::kNone;
    ~Attempt() {
      snapshot.state_ = end;
      snapshot.changed_->notify_all();
    }
  } attempt{*this};
  state_ = State::kRunning;
  co_await take(shell, session);
  attempt.end = State::kDone;
}

Task<> ShellSnapshot::take(const Shell& shell, const Session& session) {
  const os::Path start_file = find_start_file(shell, session);
  if (!os::path_exists(start_file)) co_return;
  os::ProcessOptions options{.argv = make_snapshot_arguments(shell, start_file),
                             .environment = make_child_environment(session).to_entries(),
                             .working_directory = session.project_dir};
  const auto result = co_await os::run_command(std::move(options), {}, limit_, kMaxBytes);
  std::string_view text = result ? trim(result->out) : std::string_view();
  if (!text.ends_with(kEndMark)) {
    note_ = fmt::format("Note: the aliases and functions of {} are not available here, because {}.",
                        start_file.string(), result ? "reading it ended early" : result.error().message);
    co_return;
  }
  text.remove_suffix(kEndMark.size());
  if (trim(text).empty()) co_return;
  const os::Path file = session.output_dir / fmt::format("shell-start-{}.sh", random_hex(4));
  const auto written = os::write_file_atomic(file, text, 0600);
  if (written) {
    file_ = file;
  } else {
    note_ = fmt::format("Note: the aliases and functions of {} are not available here: {}.",
                        start_file.string(), written.error().message);
  }
}

}  // namespace awl::tools
