#include "extensions/skill_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "extensions/agent_files.h"
#include "extensions/markdown_files.h"
#include "os/path.h"

namespace awl::extensions {

namespace {

constexpr uint64_t kMaxSkillBytes = 1 << 20;
constexpr int kMaxCommandDepth = 4;

class Finder {
 public:
  Finder(std::vector<Skill>& skills, std::vector<std::string>& problems)
      : skills_(skills), problems_(problems) {
    for (const Skill& skill : skills) names_.insert(skill.name);
  }

  void add_skills(const os::Path& folder, Skill::Origin origin, const std::string& prefix = {},
                  const os::Path& plugin_root = {}) {
    const auto names = os::list_directory(folder);
    if (!names) return;
    for (const std::string& name : *names) {
      const os::Path file = folder / name / "SKILL.md";
      if (name.starts_with(".") || !os::path_exists(file)) continue;
      // Several links may lead to one folder.
      if (!folders_.insert(os::resolve_links(folder / name)).second) continue;
      add_file(file, prefix + name, origin, false, plugin_root);
    }
  }

  void add_commands(const os::Path& folder, Skill::Origin origin, const std::string& prefix = {},
                    const os::Path& plugin_root = {}) {
    for (const MarkdownFile& file : find_markdown_files(folder, kMaxCommandDepth))
      add_file(file.path, prefix + file.folders + file.name, origin, true, plugin_root);
  }

 private:
  void add_file(const os::Path& file, const std::string& name, Skill::Origin origin, bool is_command,
                const os::Path& plugin_root) {
    if (names_.contains(name)) return;
    const auto text = os::read_file(file, kMaxSkillBytes);
    if (!text) {
      problems_.push_back(describe(text.error()));
      return;
    }
    std::string problem;
    Skill skill = parse_skill(*text, name, problem);
    if (!problem.empty()) problems_.push_back(fmt::format("{}: {}", file.string(), problem));
    skill.origin = origin;
    skill.is_command = is_command;
    skill.file = file;
    skill.plugin_root = plugin_root;
    if (is_command) skill.paths.clear();
    if (!is_command) skill.folder = file.parent_path();
    names_.insert(name);
    skills_.push_back(std::move(skill));
  }

  std::vector<Skill>& skills_;
  std::vector<std::string>& problems_;
  std::set<std::string> names_;
  std::set<os::Path> folders_;
};

}  // namespace

std::vector<Skill> find_skills(const SkillOptions& options, std::vector<std::string>& problems) {
  using Origin = Skill::Origin;
  std::vector<Skill> skills;
  Finder finder(skills, problems);
  std::vector<os::Path> projects;
  if (options.project) {
    for (const os::Path& folder : folders_of_project(options.project_dir)) {
      // The person's own are not the project's, even when it is the home folder.
      if (folder / ".claude" != options.claude_dir) projects.push_back(folder / ".claude");
    }
    for (const os::Path& folder : options.more_dirs) projects.push_back(folder / ".claude");
  }
  finder.add_skills(options.managed_dir / ".claude" / "skills", Origin::kManaged);
  if (options.user) finder.add_skills(options.claude_dir / "skills", Origin::kUser);
  for (const os::Path& folder : projects) finder.add_skills(folder / "skills", Origin::kProject);
  for (const os::Path& folder : projects) finder.add_commands(folder / "commands", Origin::kProject);
  if (options.user) finder.add_commands(options.claude_dir / "commands", Origin::kUser);
  return skills;
}

void add_plugin_skills(const Plugin& plugin, std::vector<Skill>& skills, std::vector<std::string>& problems) {
  Finder finder(skills, problems);
  const std::string prefix = plugin.name + ":";
  for (const os::Path& folder : plugin.skills)
    finder.add_skills(folder, Skill::Origin::kPlugin, prefix, plugin.root);
  for (const os::Path& folder : plugin.commands)
    finder.add_commands(folder, Skill::Origin::kPlugin, prefix, plugin.root);
}

}  // namespace awl::extensions
