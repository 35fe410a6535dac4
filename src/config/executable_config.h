// What a folder's own files start by themselves: hooks, MCP servers, helper commands.
#pragma once

#include <string>
#include <vector>

#include "os/file.h"

namespace awl::config {

struct ExecutableItem {
  std::string label;   ///< "PreToolUse hooks of .claude/settings.json": what it is and where it stands
  std::string text;    ///< as it is written, JSON on one line
  std::string digest;  ///< SHA-256 of the text, in hexadecimal
};

/// Of .claude/settings.json, .claude/settings.local.json and .mcp.json below `folder`, in this order. A file
/// that cannot be read as JSON is an item by itself: nobody knows what it holds.
std::vector<ExecutableItem> find_executable_config(const os::Path& folder);

}  // namespace awl::config
