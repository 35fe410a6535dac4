// A tool of an MCP server that answers questions in the place of a person (--permission-prompt-tool).
#pragma once

#include <memory>
#include <string>

#include "mcp/connections.h"
#include "protocol/host.h"

namespace awl::agent {

/// Null when `tool_name` is empty. The tool is given {tool_name, input, tool_use_id} and answers with the
/// text
/// {"behavior": "allow", "updatedInput": …} or {"behavior": "deny", "message": …}.
std::unique_ptr<protocol::Host> make_prompt_tool_host(const std::string& tool_name,
                                                      mcp::Connections& connections);

}  // namespace awl::agent
