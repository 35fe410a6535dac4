// Tools of MCP servers, and what the model can do with their resources.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "mcp/connections.h"
#include "tools/tool.h"

namespace awl::agent {

struct McpToolLimits {
  std::chrono::milliseconds call_limit{100'000'000};  ///< MCP_TOOL_TIMEOUT
  size_t max_output_tokens = 25'000;                  ///< MAX_MCP_OUTPUT_TOKENS
};

/// "mcp__server__"
std::string mcp_prefix(const std::string& server);
/// What a server that has a client offers under a tool's full name; nullptr: nothing.
const mcp::ToolInfo* find_mcp_tool(const mcp::Connections::Server& server, std::string_view name);

/// The tools of a connected server, as the model calls them. `connections` outlives them.
std::vector<std::unique_ptr<tools::Tool>> make_mcp_tools(mcp::Connections& connections,
                                                         const std::string& server,
                                                         const McpToolLimits& limits);
/// ListMcpResourcesTool and ReadMcpResourceTool.
std::vector<std::unique_ptr<tools::Tool>> make_resource_tools(mcp::Connections& connections,
                                                              const McpToolLimits& limits);

/// What a tool gave (`result` of tools/call) as the model sees it. Text that is longer than it may be goes to
/// a file in the session's folder.
tools::ToolResult to_tool_result(const json::Value& result, const std::string& tool_name, size_t max_chars,
                                 const tools::Session& session);
/// The text of it alone.
std::string result_text(const json::Value& result);

}  // namespace awl::agent
