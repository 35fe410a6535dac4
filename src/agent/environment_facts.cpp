#include "agent/environment_facts.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "base/strings.h"
#include "base/utf8.h"
#include "os/process.h"
#include "permission/git_config.h"

namespace awl::agent {

namespace {

constexpr std::chrono::milliseconds kGitLimit{2'000};
constexpr size_t kMaxStatusBytes = 2'000;

bool in_git_repository(const os::Path& folder) {
  for (os::Path at = folder;; at = at.parent_path()) {
    if (os::path_exists(at / ".git")) return true;
    if (at == at.parent_path()) return false;
  }
}

Task<std::string> git_output(std::vector<std::string> arguments, os::Path folder,
                             std::vector<std::string> environment) {
  os::ProcessOptions options;
  // No hook, pager, file-system monitor or signature check of the repository runs for a look at it.
  options.argv = {"git", "--no-optional-locks"};
  for (const char* setting : {"core.fsmonitor=false", "core.pager=cat", "core.hooksPath=/dev/null",
                              "log.showSignature=false", "gpg.program=/bin/false"}) {
    options.argv.insert(options.argv.end(), {"-c", setting});
  }
  options.argv.insert(options.argv.end(), arguments.begin(), arguments.end());
  options.environment = std::move(environment);
  options.working_directory = std::move(folder);
  auto result = co_await os::run_command(std::move(options), "", kGitLimit);
  if (!result || !result->status.ok()) co_return "";
  std::string text = to_utf8(trim(result->out));
  if (text.size() > kMaxStatusBytes)
    text = std::string(utf8_prefix(text, kMaxStatusBytes)) + "\n(cut; run git status for the rest)";
  co_return text;
}

bool may_ask_git(const os::Path& folder) {
  return in_git_repository(folder) && !permission::find_program_key(folder);
}

}  // namespace

Task<std::string> git_remotes(os::Path folder, Environment environment) {
  if (!may_ask_git(folder)) co_return "";
  const std::string remotes = co_await git_output({"remote", "-v"}, folder, environment.to_entries());
  co_return fmt::format("The work folder is {}. The remotes of its repository when this began:\n{}\n\n",
                        to_utf8(folder.string()), remotes.empty() ? "none" : remotes);
}

Task<std::string> git_changes(os::Path folder, Environment environment) {
  if (!may_ask_git(folder)) co_return "unknown: the work folder is no Git repository that can be asked";
  const std::string changes = co_await git_output({"status", "--short", "--untracked-files=normal"}, folder,
                                                  environment.to_entries());
  co_return changes.empty() ? "none" : changes;
}

Task<std::string> describe_environment(os::Path project_dir, Environment environment, TimePoint now) {
  utsname system{};
  uname(&system);
  const bool repository = in_git_repository(project_dir);
  std::string text = fmt::format(
      "# Where you work\n"
      "- Folder: {}\n"
      "- Platform: {} {}\n"
      "- Shell: bash\n"
      "- Date: {}\n"
      "- Git repository: {}\n",
      to_utf8(project_dir.string()), system.sysname, system.release, format_iso8601(now).substr(0, 10),
      repository ? "yes" : "no");
  if (!repository || environment.is_on("CLAUDE_CODE_DISABLE_GIT_INSTRUCTIONS")) co_return text;
  if (const auto key = permission::find_program_key(project_dir)) {
    if (const auto branch = permission::read_git_branch(project_dir))
      text += fmt::format("- Git branch: {}\n", to_utf8(*branch));
    text += fmt::format(
        "\nGit was not asked for its status, because the repository's configuration may run a program: {}\n",
        to_utf8(*key));
    co_return text;
  }
  const std::vector<std::string> child_environment = environment.to_entries();
  // The first request waits for both.
  using namespace boost::asio::experimental::awaitable_operators;
  auto ask_status = git_output({"status", "--short", "--branch"}, project_dir, child_environment);
  auto ask_log = git_output({"log", "--oneline", "-n", "5"}, project_dir, child_environment);
  auto ask_both = std::move(ask_status) && std::move(ask_log);
  const auto [status, log] = co_await std::move(ask_both);
  if (!status.empty())
    text += fmt::format("\nGit status when the session began (it is not updated):\n{}\n", status);
  if (!log.empty()) text += fmt::format("\nLatest commits:\n{}\n", log);
  co_return text;
}

}  // namespace awl::agent
