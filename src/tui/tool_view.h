// How tool calls and their results are shown to a person.
#pragma once

#include <string>
#include <vector>

#include "json/json.h"
#include "tui/style.h"

namespace awl::tui {

/// "Bash(npm test)": the name and what the call is about, on one line of at most `columns`.
std::string tool_title(const std::string& name, const json::Value& input, int columns, const Theme& theme);

/// What a call will do, whole: the command, the difference it makes to a file, or its input.
std::vector<std::string> describe_call(const std::string& name, const json::Value& input, int columns,
                                       const Theme& theme);

/// What came of it: a few lines, or all of them. `result_block_json` is the tool_result block,
/// `structured_json` the result for programs.
std::vector<std::string> describe_result(const std::string& result_block_json,
                                         const std::string& structured_json, int columns, const Theme& theme,
                                         bool whole);

}  // namespace awl::tui
