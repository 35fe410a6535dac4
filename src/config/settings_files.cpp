#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"
#include "config/settings.h"
#include "os/path.h"

namespace awl::config {

namespace {

constexpr uint64_t kMaxSettingsBytes = 2 << 20;

void add_file(const os::Path& path, Scope scope, const os::Path& base, std::vector<SettingsSource>& sources,
              std::vector<std::string>& problems) {
  auto contents = os::read_file(path, kMaxSettingsBytes);
  // One that is being made is empty for a moment.
  if (contents && trim(*contents).empty()) return;
  if (contents) {
    sources.push_back({scope, path.string(), base, std::move(*contents)});
  } else if (contents.error().kind != ErrorKind::kNotFound) {
    problems.push_back(describe(contents.error()));
  }
}

void add_managed(const Locations& locations, std::vector<SettingsSource>& sources,
                 std::vector<std::string>& problems) {
  add_file(locations.managed_dir / "managed-settings.json", Scope::kManaged, "/", sources, problems);
  const os::Path drop_ins = locations.managed_dir / "managed-settings.d";
  const auto names = os::list_directory(drop_ins);
  if (!names) return;
  for (const std::string& name : *names) {
    if (name.ends_with(".json") && !name.starts_with("."))
      add_file(drop_ins / name, Scope::kManaged, "/", sources, problems);
  }
}

}  // namespace

std::string_view to_string(Scope scope) {
  switch (scope) {
    case Scope::kUser:
      return "user";
    case Scope::kProject:
      return "project";
    case Scope::kLocal:
      return "local";
    case Scope::kFlag:
      return "flag";
    case Scope::kManaged:
      return "managed";
  }
  return "user";
}

std::vector<SettingsSource> read_settings_files(const Locations& locations, const std::vector<Scope>& scopes,
                                                std::vector<std::string>& problems) {
  std::vector<SettingsSource> sources;
  const auto wanted = [&scopes](Scope scope) {
    return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
  };
  const os::Path project_settings = locations.project_dir / ".claude";
  if (wanted(Scope::kUser)) {
    add_file(locations.claude_dir / "settings.json", Scope::kUser, locations.claude_dir, sources, problems);
  }
  // Started in the home folder, the project's file and the person's are one.
  const bool project_is_user = project_settings == locations.claude_dir;
  if (wanted(Scope::kProject) && !project_is_user) {
    add_file(project_settings / "settings.json", Scope::kProject, locations.project_dir, sources, problems);
  }
  if (wanted(Scope::kLocal)) {
    for (const os::Path& file : locations.local_settings)
      add_file(file, Scope::kLocal, locations.project_dir, sources, problems);
  }
  add_managed(locations, sources, problems);
  return sources;
}

Result<SettingsSource> read_settings_flag(const std::string& value, const os::Path& cwd) {
  if (trim(value).starts_with("{") || trim(value).starts_with("[")) {
    const auto parsed = json::parse(value);
    if (!parsed) {
      return fail(ErrorKind::kInvalidInput, fmt::format("--settings: {}", parsed.error().message),
                  "Give a JSON object or the path of a file that holds one.");
    }
    if (trim(value).starts_with("[")) {
      return fail(ErrorKind::kInvalidInput, "--settings: the settings must be a JSON object, not a list");
    }
    return SettingsSource{Scope::kFlag, "--settings", cwd, value};
  }
  const os::Path path = os::absolute_path(value, cwd, cwd);
  if (const auto info = os::stat(path); info && info->type != os::FileInfo::Type::kRegular) {
    return fail(ErrorKind::kInvalidInput, fmt::format("--settings: {} is not a regular file", path.string()),
                "Give a JSON object or the path of a file that holds one.");
  }
  auto contents = os::read_file(path, kMaxSettingsBytes);
  if (!contents) {
    return fail(ErrorKind::kInvalidInput, fmt::format("--settings: {}", contents.error().message),
                "Give a JSON object or the path of a file that holds one.");
  }
  const auto parsed = json::parse(*contents);
  if (!parsed) {
    return fail(ErrorKind::kInvalidInput,
                fmt::format("--settings {}: {}", path.string(), parsed.error().message));
  }
  return SettingsSource{Scope::kFlag, path.string(), cwd, std::move(*contents)};
}

}  // namespace awl::config
