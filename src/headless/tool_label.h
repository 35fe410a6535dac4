#pragma once

#include <string>
#include <string_view>

namespace awl::headless {

/// One line for a person: "Bash: npm test". `block_json` is a content block; empty: it is no tool call. What
/// the model wrote is cut, and holds no control characters.
std::string tool_label(std::string_view block_json);
/// Its id; empty: it is no tool call.
std::string tool_call_id(std::string_view block_json);

}  // namespace awl::headless
