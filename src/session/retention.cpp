#include "session/retention.h"

#include <algorithm>
#include <array>
#include <system_error>

#include "session/session_list.h"

namespace awl::session {

namespace {

namespace fs = std::filesystem;

// Below <claude_dir>, one entry for each session.
constexpr std::array<std::string_view, 4> kFolders = {"tasks", "file-history", "session-env", "debug"};
// Below <claude_dir>, of no session in particular.
constexpr std::array<std::string_view, 3> kLoose = {"plans", "paste-cache", "shell-snapshots"};
constexpr std::string_view kTranscript = ".jsonl";
constexpr std::string_view kMemory = "memory";

class Sweeper {
 public:
  Sweeper(const os::Path& claude_dir, TimePoint before, std::chrono::milliseconds limit)
      : claude_dir_(claude_dir),
        before_(std::chrono::duration_cast<std::chrono::nanoseconds>(before.time_since_epoch()).count()),
        deadline_(std::chrono::steady_clock::now() + limit) {}

  SweepOutcome run() {
    outcome_.complete = sweep_projects() && sweep_rest();
    return outcome_;
  }

 private:
  bool has_time() const { return std::chrono::steady_clock::now() < deadline_; }

  // The latest time that anything below was written to; none is later than what must stay.
  bool is_old(const os::Path& path) const {
    std::error_code error;
    const fs::file_status status = fs::symlink_status(path, error);
    if (error) return false;
    if (fs::is_directory(status)) {
      for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path, error)) {
        if (!entry.is_directory(error) && !is_old(entry.path())) return false;
      }
      if (error) return false;
    }
    const auto info = os::stat(path);
    return info && info->modified_ns < before_;
  }

  void remove(const os::Path& path) {
    std::error_code error;
    if (fs::remove_all(path, error) > 0 && !error) ++outcome_.removed;
  }

  bool sweep_projects() {
    const os::Path projects = claude_dir_ / "projects";
    for (const std::string& project : os::list_directory(projects).value_or(std::vector<std::string>())) {
      for (const std::string& name :
           os::list_directory(projects / project).value_or(std::vector<std::string>())) {
        if (!has_time()) return false;
        const os::Path path = projects / project / name;
        if (name == kMemory || !is_old(path)) continue;
        if (name.ends_with(kTranscript)) {
          if (delete_session(path)) ++outcome_.removed;
        } else if (!os::path_exists(path.string() + std::string(kTranscript))) {
          remove(path);
        }
      }
      std::error_code error;
      const os::Path folder = projects / project;
      const bool empty = fs::is_directory(fs::symlink_status(folder, error)) && fs::is_empty(folder, error);
      if (!error && empty && is_old(folder)) fs::remove(folder, error);
    }
    return true;
  }

  bool sweep_rest() {
    std::vector<std::string_view> folders(kFolders.begin(), kFolders.end());
    folders.insert(folders.end(), kLoose.begin(), kLoose.end());
    for (const std::string_view folder : folders) {
      const os::Path in = claude_dir_ / folder;
      for (const std::string& name : os::list_directory(in).value_or(std::vector<std::string>())) {
        if (!has_time()) return false;
        if (is_old(in / name)) remove(in / name);
      }
    }
    return true;
  }

  const os::Path& claude_dir_;
  int64_t before_;
  std::chrono::steady_clock::time_point deadline_;
  SweepOutcome outcome_;
};

}  // namespace

std::vector<os::Path> kept_with(const os::Path& transcript) {
  const std::string id = transcript.stem().string();
  const os::Path claude_dir = transcript.parent_path().parent_path().parent_path();
  std::vector<os::Path> paths{transcript.parent_path() / id};
  for (const std::string_view folder : kFolders) {
    paths.push_back(claude_dir / folder / id);
    paths.push_back(claude_dir / folder / (id + ".txt"));
  }
  std::erase_if(paths, [](const os::Path& path) { return !os::path_exists(path); });
  return paths;
}

SweepOutcome sweep(const os::Path& claude_dir, std::chrono::days keep, TimePoint now,
                   std::chrono::milliseconds limit) {
  return Sweeper(claude_dir, now - keep, limit).run();
}

}  // namespace awl::session
