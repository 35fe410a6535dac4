#include "config/locations.h"

#include <cctype>

#include "os/path.h"

namespace awl::config {

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
