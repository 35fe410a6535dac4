// What tools give, as the Model Context Protocol carries it. Source: modelcontextprotocol.io, specification
// 2025-11-25, "Tools".
#pragma once

#include "json/value.h"
#include "tools/tool.h"

namespace awl::mcp_server {

/// {content, isError?}. Blocks of the Messages API become those of the protocol: a picture an image, a
/// document an embedded resource.
json::Value to_call_result(const tools::ToolResult& result);

}  // namespace awl::mcp_server
