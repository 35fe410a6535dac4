// What a hook puts in the place of a tool's output.
#pragma once

#include <string>

#include "tools/tool.h"

namespace awl::agent {

/// Makes `output_json`, of the shape of the tool's structured output, what the model and programs see. False,
/// and nothing changes, when it has another shape.
bool replace_output(tools::ToolResult& result, const std::string& tool_name, const std::string& output_json);

}  // namespace awl::agent
