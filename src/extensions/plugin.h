// Plugins: folders that bring skills, commands, agents, hooks and MCP servers together.
// Source: product documentation, "plugins-reference".
#pragma once

#include <string>
#include <vector>

#include "json/value.h"
#include "os/file.h"

namespace awl::extensions {

struct Plugin {
  std::string name;
  os::Path root;
  os::Path data;                   ///< what it keeps is in; empty: it is not installed
  std::vector<os::Path> skills;    ///< folders of skills
  std::vector<os::Path> commands;  ///< folders of commands
  std::vector<os::Path> agents;    ///< folders of agents
  std::vector<os::Path> styles;    ///< folders of output styles
  json::Value hooks;               ///< a `hooks` object; null: none
  json::Value mcp_servers;         ///< an object by name; null: none
};

/// Reads a plugin's folder: `.claude-plugin/plugin.json`, which may be absent (then the folder names it), and
/// what it names or has in the usual places. Errors: kNotFound, kParse, kInvalidInput (a path that leads
/// out).
Result<Plugin> load_plugin(const os::Path& root);

}  // namespace awl::extensions
