// Where skills and commands are found.
#pragma once

#include <string>
#include <vector>

#include "extensions/plugin.h"
#include "extensions/skill.h"

namespace awl::extensions {

struct SkillOptions {
  os::Path claude_dir;              ///< of the person's own
  os::Path managed_dir;             ///< of the organisation's
  os::Path project_dir;             ///< its own and those of the folders above, up to the repository's root
  std::vector<os::Path> more_dirs;  ///< --add-dir
  bool user = true;                 ///< --setting-sources
  bool project = true;
};

/// All of them, the first of a name alone: managed before the person's before the project's; skills before
/// commands. What cannot be read gets a sentence in `problems`.
std::vector<Skill> find_skills(const SkillOptions& options, std::vector<std::string>& problems);
/// Those of a plugin, whose name stands before theirs.
void add_plugin_skills(const Plugin& plugin, std::vector<Skill>& skills, std::vector<std::string>& problems);

}  // namespace awl::extensions
