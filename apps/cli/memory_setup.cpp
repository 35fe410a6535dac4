#include "cli/memory_setup.h"

#include "base/strings.h"
#include "memory/notes.h"
#include "os/path.h"

namespace awl::cli {

namespace {

// autoMemoryDirectory, or of the repository, so that its folders share them, else of the folder.
os::Path notes_folder(const Setup& setup) {
  if (setup.settings.auto_memory_directory)
    return os::resolve_links(
        os::absolute_path(*setup.settings.auto_memory_directory, setup.locations.home, setup.locations.home));
  config::Locations locations = setup.locations;
  if (os::Path root = config::find_repository(locations.project_dir); !root.empty())
    locations.project_dir = std::move(root);
  return os::resolve_links(config::session_dir(locations, "memory"));
}

bool has_notes(const Setup& setup) {
  const std::string off = setup.environment.get("CLAUDE_CODE_DISABLE_AUTO_MEMORY");
  if (!trim(off).empty()) return !is_truthy(off);
  return setup.settings.auto_memory_enabled.value_or(true);
}

bool wants_source(const Arguments& arguments, std::string_view name) {
  if (!arguments.setting_sources) return true;
  for (const std::string_view part : split(*arguments.setting_sources, ',')) {
    if (trim(part) == name) return true;
  }
  return false;
}

}  // namespace

std::optional<memory::InstructionOptions> make_instruction_options(const Setup& setup,
                                                                   const Arguments& arguments) {
  const Environment& environment = setup.environment;
  if (environment.is_on("CLAUDE_CODE_SIMPLE") || environment.is_on("CLAUDE_CODE_SAFE_MODE") ||
      environment.is_on("CLAUDE_CODE_DISABLE_CLAUDE_MDS")) {
    return std::nullopt;
  }
  memory::InstructionOptions options;
  options.home = setup.locations.home;
  options.claude_dir = setup.locations.claude_dir;
  options.managed_dir = setup.locations.managed_dir;
  options.project_dir = setup.locations.project_dir;
  options.excludes = setup.settings.claude_md_excludes;
  options.managed_text = setup.settings.claude_md;
  options.user = wants_source(arguments, "user");
  options.project = wants_source(arguments, "project");
  options.local = wants_source(arguments, "local");
  if (has_notes(setup)) options.auto_memory = notes_folder(setup) / memory::kNotesIndex;
  if (environment.is_on("CLAUDE_CODE_ADDITIONAL_DIRECTORIES_CLAUDE_MD")) {
    for (const std::string& folder : arguments.add_dirs)
      options.more_dirs.push_back(
          os::resolve_links(os::absolute_path(folder, setup.locations.project_dir, setup.locations.home)));
  }
  return options;
}

}  // namespace awl::cli
