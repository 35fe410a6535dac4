#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <set>

#include "base/strings.h"
#include "cli/doctor.h"
#include "cli/helper_program.h"
#include "cli/state_files.h"
#include "cli/version.h"
#include "os/file.h"
#include "os/path.h"

namespace awl::cli {

namespace {

// All executables of that name on PATH, each file once, first found first.
std::vector<os::Path> find_on_path(const Environment& environment, const std::string& name) {
  std::vector<os::Path> found;
  std::set<os::Path> seen;
  const std::string path = environment.get("PATH");
  for (const std::string_view folder : split(path, ':')) {
    const os::Path candidate = os::Path(folder) / name;
    if (folder.empty() || ::access(candidate.c_str(), X_OK) != 0 || os::is_folder(candidate)) continue;
    if (seen.insert(os::resolve_links(candidate)).second) found.push_back(candidate);
  }
  return found;
}

struct NeededProgram {
  std::string_view name;
  Health without;
  std::string_view use;
  std::string_view package;
};
constexpr std::array kPrograms{
    NeededProgram{"bash", Health::kFailure, "the Bash tool runs commands in it", "bash"},
    NeededProgram{"rg", Health::kWarning, "the Grep tool searches with it", "ripgrep"},
    NeededProgram{"git", Health::kWarning, "the state of a repository is told to the model", "git"},
    NeededProgram{"bwrap", Health::kWarning, "commands can be confined with it", "bubblewrap"},
};

// A folder that does not exist yet is fine where one can be made.
bool can_write_below(os::Path folder) {
  while (!folder.empty() && !os::path_exists(folder)) {
    if (folder == folder.parent_path()) return false;
    folder = folder.parent_path();
  }
  return os::is_folder(folder) && ::access(folder.c_str(), W_OK | X_OK) == 0;
}

}  // namespace

void Examination::add(std::string check, Health health, std::string text, std::string advice) {
  findings.push_back({std::move(check), health, std::move(text), std::move(advice)});
}

void check_install(Examination& examination) {
  std::error_code error;
  const os::Path self = std::filesystem::read_symlink("/proc/self/exe", error);
  examination.add("install", Health::kGood, fmt::format("{} at {}", version_line(), self.string()));
  for (const os::Path& other : find_on_path(examination.setup.environment, "awl")) {
    if (os::resolve_links(other) == self) continue;
    examination.add("install", Health::kWarning, fmt::format("another awl is on PATH: {}", other.string()),
                    "Remove one of them, or put the folder of this one first.");
  }
  if (!find_helper_program("media")) {
    examination.add("install", Health::kWarning,
                    "awl-media is not there: large images cannot be made smaller",
                    "Install the whole package.");
  }
}

void check_programs(Examination& examination) {
  for (const NeededProgram& program : kPrograms) {
    const auto found = find_on_path(examination.setup.environment, std::string(program.name));
    if (!found.empty()) {
      examination.add("programs", Health::kGood, fmt::format("{}: {}", program.name, found.front().string()));
    } else {
      examination.add("programs", program.without,
                      fmt::format("{} is not on PATH: {}", program.name, program.use),
                      fmt::format("Install the package {}.", program.package));
    }
  }
}

void check_folders(Examination& examination) {
  const Setup& setup = examination.setup;
  const std::string temporary = setup.environment.get("TMPDIR");
  const std::pair<std::string_view, os::Path> folders[] = {
      {"state", state_dir(setup.environment, setup.locations.home)},
      {"configuration", setup.locations.claude_dir},
      {"temporary files", temporary.empty() ? os::Path("/tmp") : os::Path(temporary)}};
  for (const auto& [use, folder] : folders) {
    if (can_write_below(folder)) {
      examination.add("folders", Health::kGood, fmt::format("{}: {}", use, folder.string()));
    } else {
      examination.add("folders", Health::kFailure,
                      fmt::format("{} cannot be written to ({})", folder.string(), use),
                      "Change its owner or permissions, or choose another one: XDG_STATE_HOME, "
                      "CLAUDE_CONFIG_DIR, TMPDIR.");
    }
  }
}

}  // namespace awl::cli
