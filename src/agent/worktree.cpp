#include "agent/worktree.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "base/strings.h"
#include "base/uuid.h"
#include "os/path.h"
#include "os/process.h"

namespace awl::agent {

namespace {

constexpr std::chrono::seconds kWorktreeLimit{120};

Task<Result<std::string>> run_git(os::Path folder, std::vector<std::string> arguments,
                                  Environment environment, std::string input = {}) {
  arguments.insert(arguments.begin(), {"git", "-c", "core.hooksPath=/dev/null"});
  for (const char* name : {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"}) environment.unset(name);
  os::ProcessOptions options{.argv = std::move(arguments),
                             .environment = environment.to_entries(),
                             .working_directory = std::move(folder)};
  auto ran = co_await os::run_command(std::move(options), std::move(input), kWorktreeLimit);
  AWL_CO_TRY(os::CommandResult result, std::move(ran));
  if (!result.status.ok()) co_return fail(ErrorKind::kIo, fmt::format("git: {}", trim(result.err)));
  co_return std::string(trim(result.out));
}

Result<> check_name(const std::string& name) {
  const bool odd = name.empty() || name.front() == '-' || name.front() == '/' || name.back() == '/' ||
                   name.contains("..") || name.contains("//");
  const bool fits = !odd && std::ranges::all_of(name, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.' || c == '/';
  });
  if (fits) return {};
  return fail(ErrorKind::kInvalidInput, fmt::format("{} is no name for a worktree", name),
              "Letters, digits, - _ . and / between them are.");
}

// A link on the way would put the checkout somewhere else.
Result<> check_way(const os::Path& root, const os::Path& path) {
  os::Path at = root;
  for (const os::Path& part : path.lexically_relative(root)) {
    at /= part;
    if (std::filesystem::is_symlink(std::filesystem::symlink_status(at)))
      return fail(ErrorKind::kInvalidInput,
                  fmt::format("{} is a link; a worktree is not made behind one", at.string()));
  }
  return {};
}

// What .worktreeinclude names, as far as git ignores it.
Task<> copy_included(const os::Path& root, const os::Path& to, const Environment& environment) {
  if (!os::path_exists(root / ".worktreeinclude")) co_return;
  const auto named = co_await run_git(
      root, {"ls-files", "--others", "--ignored", "--exclude-from=.worktreeinclude"}, environment);
  if (!named || named->empty()) co_return;
  const auto ignored = co_await run_git(root, {"check-ignore", "--stdin"}, environment, *named + "\n");
  if (!ignored) co_return;
  for (const std::string_view file : split(*ignored, '\n')) {
    std::error_code error;
    std::filesystem::create_directories((to / file).parent_path(), error);
    std::filesystem::copy_file(root / file, to / file, std::filesystem::copy_options::skip_existing, error);
  }
}

}  // namespace

Task<Result<Worktree>> open_worktree(os::Path folder, std::string name, bool from_head,
                                     Environment environment) {
  if (name.empty()) name = "work-" + random_hex(4);
  AWL_CO_CHECK(check_name(name));
  const auto common =
      co_await run_git(folder, {"rev-parse", "--path-format=absolute", "--git-common-dir"}, environment);
  if (!common)
    co_return fail(ErrorKind::kInvalidInput,
                   fmt::format("{} is in no git repository, so it can have no worktree", folder.string()));
  Worktree worktree;
  worktree.root = os::Path(*common).parent_path();
  worktree.path = worktree.root / ".claude" / "worktrees" / name;
  AWL_CO_CHECK(check_way(worktree.root, worktree.path));
  if (!os::is_folder(worktree.path)) {
    std::string base = "HEAD";
    const auto remote = co_await run_git(
        worktree.root, {"rev-parse", "--verify", "--quiet", "refs/remotes/origin/HEAD^{commit}"},
        environment);
    if (remote && !from_head) base = *remote;
    const std::string branch = "worktree-" + replace_all(name, "/", "-");
    auto added = co_await run_git(worktree.root,
                                  {"worktree", "add", "--quiet", "-b", branch, worktree.path.string(), base},
                                  environment);
    // The branch may be there from before.
    if (!added && added.error().message.contains("already exists"))
      added = co_await run_git(worktree.root, {"worktree", "add", "--quiet", worktree.path.string(), branch},
                               environment);
    if (!added) co_return std::unexpected(added.error());
    worktree.is_new = true;
    co_await copy_included(worktree.root, worktree.path, environment);
  }
  auto head = co_await run_git(worktree.path, {"rev-parse", "HEAD"}, environment);
  AWL_CO_TRY(worktree.base, std::move(head));
  worktree.path = os::resolve_links(worktree.path);
  co_return worktree;
}

Task<bool> remove_if_unchanged(Worktree worktree, Environment environment) {
  const auto head = co_await run_git(worktree.path, {"rev-parse", "HEAD"}, environment);
  const auto status = co_await run_git(worktree.path, {"status", "--porcelain"}, environment);
  if (!head || *head != worktree.base || !status || !status->empty()) co_return false;
  const auto branch = co_await run_git(worktree.path, {"branch", "--show-current"}, environment);
  const auto removed =
      co_await run_git(worktree.root, {"worktree", "remove", worktree.path.string()}, environment);
  if (removed && branch && branch->starts_with("worktree-"))
    static_cast<void>(co_await run_git(worktree.root, {"branch", "-D", *branch}, environment));
  co_return removed.has_value();
}

}  // namespace awl::agent
