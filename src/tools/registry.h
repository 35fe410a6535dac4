#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "tools/tool.h"

namespace awl::tools {

/// Every built-in tool, in the order in which it is offered to the model.
std::vector<std::unique_ptr<Tool>> make_builtin_tools();

}  // namespace awl::tools
