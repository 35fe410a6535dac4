// Subagents as people define them. Source: product documentation, "sub-agents".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "os/file.h"

namespace awl::extensions {

struct AgentDefinition {
  std::string name;                               ///< "reviewer", "plugin:reviewer"
  std::string description;                        ///< when to delegate to it
  std::string prompt;                             ///< its system prompt
  std::optional<std::vector<std::string>> tools;  ///< nullopt: all that subagents may have
  std::vector<std::string> disallowed_tools;
  std::string model;                ///< alias, id; empty: the session's
  std::string permission_mode;      ///< empty: the session's
  std::string effort;               ///< empty: the session's
  std::string memory;               ///< user, project, local: where it keeps notes; empty: nowhere
  std::vector<std::string> skills;  ///< whose whole text it begins with
  int max_turns = 0;                ///< 0: no limit
  bool background = false;
  bool isolated = false;      ///< `isolation: worktree`
  bool knows_project = true;  ///< is told memory files and the state of git
  json::Value hooks;          ///< null: none
  bool from_flag = false;     ///< --agents, or a program
  bool of_project = false;    ///< a file of the project's: its hooks need trust
  os::Path file;              ///< empty: from the command line, or built in
};

/// Front matter and body of one file; nullopt when it defines no agent (no name or description, a name that
/// cannot be one), which `problem` says when it is worth saying.
std::optional<AgentDefinition> parse_agent(std::string_view text, std::string& problem);

/// `--agents` and what SDKs send: {name: {description, prompt, …}}. Errors: kInvalidInput.
Result<std::vector<AgentDefinition>> parse_agents_json(const json::Value& agents, const std::string& source);

struct AgentOptions {
  os::Path claude_dir;
  os::Path managed_dir;
  os::Path project_dir;
  std::vector<os::Path> more_dirs;  ///< --add-dir
  bool user = true;
  bool project = true;
};

/// Of files, the first of a name alone: managed before the project's (nearest first) before the person's.
std::vector<AgentDefinition> find_agents(const AgentOptions& options, std::vector<std::string>& problems);
/// A plugin's, which may set neither hooks nor a permission mode; their names begin with its own.
void add_plugin_agents(const os::Path& folder, const std::string& plugin,
                       std::vector<AgentDefinition>& agents);

/// Those of the folders from `project_dir` up to its repository's root; `project_dir` alone outside of one.
std::vector<os::Path> folders_of_project(const os::Path& project_dir);

}  // namespace awl::extensions
