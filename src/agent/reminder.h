#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace awl::agent {

/// A text that the product, not the person or a tool, gives the model inside a message.
std::string reminder(std::string_view text);

/// What the first message says about tools that wait behind ToolSearch: their names.
std::string deferred_tools_reminder(const std::vector<std::string>& names);

}  // namespace awl::agent
