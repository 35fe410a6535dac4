// MCP servers that are configured, of every scope.
#pragma once

#include <string>
#include <vector>

#include "cli/session_setup.h"
#include "json/value.h"
#include "mcp/server_config.h"

namespace awl::cli {

/// A server as it is written, and where.
struct McpEntry {
  std::string name;
  std::string scope;  ///< flag, local, project, user, managed
  std::string place;  ///< for people: the file, or the flag
  json::Value written;
};

/// Those of --mcp-config, unless it is strict of ~/.claude.json (local, user) and of .mcp.json, the highest
/// precedence first; a name that was there before is left out. A file of the managed settings stands alone.
/// Errors: kInvalidInput, kNotFound: --mcp-config; what is wrong with a file goes to `problems`.
Result<std::vector<McpEntry>> find_mcp_servers(const config::Locations& locations, const Arguments& arguments,
                                               std::vector<std::string>& problems);

/// True when --mcp-config names a server that the driving program does not hold itself (`type` other than
/// sdk). Errors: those of find_mcp_servers.
Result<bool> sideloads_servers(const config::Locations& locations, const Arguments& arguments);

/// The same as a session starts them: without those that are switched off, denied, or of a project that is
/// not trusted where that is demanded, with variables filled in. What cannot be used is a problem.
Result<std::vector<mcp::ServerConfig>> make_mcp_servers(const Setup& setup, const Arguments& arguments,
                                                        std::vector<std::string>& problems);

}  // namespace awl::cli
