// ToolSearch: loads tools that the model knows by name only.
#pragma once

#include <memory>

#include "tools/tool.h"

namespace awl::agent {

class ToolSet;

/// `tools` outlives it.
std::unique_ptr<tools::Tool> make_tool_search_tool(ToolSet& tools);

}  // namespace awl::agent
