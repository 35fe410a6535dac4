// What a folder's own files start by themselves: hooks, MCP servers, helper commands.
#pragma once

#include <string>
#include <vector>

#include "config/locations.h"

namespace awl::config {

struct ExecutableItem {
  std::string label;   ///< "PreToolUse hooks of .claude/settings.json": what it is and where it stands
  std::string text;    ///< as it is written, JSON on one line
  std::string digest;  ///< SHA-256 of the text, in hexadecimal
};

/// Of the project's settings, shared and local ones, and .mcp.json, in this order. A file that cannot be read
/// as JSON is an item by itself: nobody knows what it holds.
std::vector<ExecutableItem> find_executable_config(const Locations& locations);

}  // namespace awl::config
