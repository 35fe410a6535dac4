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

// The number of a pull or merge request; empty: the name means none.
std::string request_number(const std::string& name) {
  std::string_view number;
  if (name.starts_with('#')) number = std::string_view(name).substr(1);
  for (const std::string_view way : {"/pull/", "/merge_requests/"}) {
    if (const size_t at = name.find(way); name.starts_with("https://") && at != std::string::npos)
      number = std::string_view(name).substr(at + way.size());
  }
  const size_t end = std::min(number.find_first_not_of("0123456789"), number.size());
  const bool ends = end == number.size() || number[end] == '/' || number[end] == '?' || number[end] == '#';
  return ends ? std::string(number.substr(0, end)) : "";
}

// The commit of a request, fetched now.
Task<Result<std::string>> fetch_request(os::Path root, std::string number, Environment environment) {
  auto remote = co_await run_git(root, {"remote", "get-url", "origin"}, environment);
  AWL_CO_TRY(const std::string url, std::move(remote));
  std::vector<std::string> refs{fmt::format("pull/{}/head", number),
                                fmt::format("merge-requests/{}/head", number)};
  if (url.contains("github.com")) refs.pop_back();
  if (url.contains("gitlab.com")) refs.erase(refs.begin());
  Result<std::string> fetched;
  for (const std::string& ref : refs) {
    fetched = co_await run_git(root, {"fetch", "--quiet", "origin", ref}, environment);
    if (!fetched) continue;
    auto commit = co_await run_git(root, {"rev-parse", "FETCH_HEAD"}, environment);
    co_return commit;
  }
  co_return std::unexpected(fetched.error());
}

// A path below the checkout, as a person writes it in settings.
bool is_below(const std::string& path) {
  const os::Path plain = os::Path(path).lexically_normal();
  return !path.empty() && plain.is_relative() && *plain.begin() != ".." && *plain.begin() != ".git";
}

Task<Result<>> check_out(const Worktree& worktree, const std::vector<std::string>& arguments,
                         const WorktreeOptions& options, const Environment& environment) {
  std::vector<std::string> add{"worktree", "add", "--quiet"};
  if (!options.sparse_paths.empty()) add.emplace_back("--no-checkout");
  add.insert(add.end(), arguments.begin(), arguments.end());
  AWL_CO_CHECK(co_await run_git(worktree.root, add, environment));
  if (options.sparse_paths.empty()) co_return Result<>{};
  std::vector<std::string> sparse{"sparse-checkout", "set", "--cone", "--"};
  sparse.insert(sparse.end(), options.sparse_paths.begin(), options.sparse_paths.end());
  AWL_CO_CHECK(co_await run_git(worktree.path, sparse, environment));
  AWL_CO_CHECK(co_await run_git(worktree.path, {"checkout", "--quiet"}, environment));
  co_return Result<>{};
}

void share_folders(const Worktree& worktree, const std::vector<std::string>& folders) {
  for (const std::string& folder : folders) {
    if (!is_below(folder) || !os::is_folder(worktree.root / folder)) continue;
    std::error_code error;
    std::filesystem::create_directories((worktree.path / folder).parent_path(), error);
    std::filesystem::create_directory_symlink(worktree.root / folder, worktree.path / folder, error);
  }
}

}  // namespace

Task<Result<Worktree>> open_worktree(os::Path folder, std::string name, WorktreeOptions options,
                                     Environment environment) {
  const std::string request = request_number(name);
  if (!request.empty()) name = "pr-" + request;
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
    if (remote && !options.from_head) base = *remote;
    if (!request.empty()) {
      auto commit = co_await fetch_request(worktree.root, request, environment);
      AWL_CO_TRY(base, std::move(commit));
    }
    const std::string branch = "worktree-" + replace_all(name, "/", "-");
    auto added =
        co_await check_out(worktree, {"-b", branch, worktree.path.string(), base}, options, environment);
    // The branch may be there from before.
    if (!added && added.error().message.contains("already exists"))
      added = co_await check_out(worktree, {worktree.path.string(), branch}, options, environment);
    if (!added) co_return std::unexpected(added.error());
    worktree.is_new = true;
    share_folders(worktree, options.symlink_directories);
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
