#include "config/locations.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cctype>

#include "base/strings.h"
#include "os/path.h"

namespace awl::config {

namespace {

// Somebody else's repository brings no settings of this person.
bool is_own(const os::Path& path) {
  struct stat info{};
  return ::lstat(path.c_str(), &info) == 0 && info.st_uid == ::geteuid();
}

}  // namespace

os::Path find_repository(const os::Path& folder) {
  constexpr std::string_view kGitDir = "gitdir: ";
  for (os::Path at = folder;; at = at.parent_path()) {
    const os::Path git = at / ".git";
    if (os::is_folder(git)) return at;
    if (const auto link = os::read_file(git, 4096); link && link->starts_with(kGitDir)) {
      // <root>/.git/worktrees/<name>; that of a submodule is something else.
      const os::Path of_worktree = os::absolute_path(trim(link->substr(kGitDir.size())), at, at);
      const os::Path git_dir = of_worktree.parent_path().parent_path();
      const bool is_worktree =
          of_worktree.parent_path().filename() == "worktrees" && git_dir.filename() == ".git";
      return is_worktree ? git_dir.parent_path() : at;
    }
    if (at == at.parent_path()) return {};
  }
}

std::vector<os::Path> worktrees_of(const os::Path& folder) {
  const os::Path root = find_repository(folder);
  if (root.empty()) return {folder};
  std::vector<os::Path> found{root};
  const os::Path entries = root / ".git" / "worktrees";
  const auto names = os::list_directory(entries);
  for (const std::string& name : names.value_or(std::vector<std::string>())) {
    // The path of the worktree's own `.git`.
    const auto link = os::read_file(entries / name / "gitdir", 4096);
    if (link) found.push_back(os::absolute_path(trim(*link), entries / name, root).parent_path());
  }
  return found;
}

Result<Locations> find_locations(const Environment& environment, const os::Path& cwd) {
  Locations locations;
  locations.home = environment.get("HOME");
  if (locations.home.empty()) {
    return fail(ErrorKind::kInvalidInput, "HOME is not set",
                "Set it to a folder in which settings and sessions can be kept.");
  }
  const std::string config_dir = environment.get("CLAUDE_CONFIG_DIR");
  locations.claude_dir =
      config_dir.empty() ? locations.home / ".claude" : os::absolute_path(config_dir, cwd, locations.home);
  locations.global_file = (config_dir.empty() ? locations.home : locations.claude_dir) / ".claude.json";
  locations.managed_dir = "/etc/claude-code";
  locations.project_dir = os::resolve_links(cwd);
  const os::Path local = os::Path(".claude") / "settings.local.json";
  locations.local_settings.push_back(locations.project_dir / local);
  const os::Path root = find_repository(locations.project_dir);
  if (!root.empty() && root != locations.project_dir && root != locations.home && is_own(root) &&
      is_own(root / ".git"))
    locations.local_settings.push_back(root / local);
  return locations;
}

os::Path session_dir(const Locations& locations, std::string_view session_id) {
  std::string name = locations.project_dir.string();
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '-';
  }
  return locations.claude_dir / "projects" / name / session_id;
}

}  // namespace awl::config
