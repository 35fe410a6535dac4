// The last bound on what a tool gives, whatever the tool did about it itself.
#pragma once

#include "tools/session.h"
#include "tools/tool.h"

namespace awl::agent {

/// A text that is too long for the conversation goes to a file in the session's folder, of which the model is
/// given the path and the beginning; content blocks other than text stay as they are. What programs are given
/// is bounded too: beyond some megabytes they get the text instead.
void bound_result(tools::ToolResult& result, const std::string& tool_name, const tools::Session& session);

/// Stores a text that is too long to show in the session's folder, under `name`; gives its size, the path and
/// the beginning, or why it could not be stored.
std::string spill(const std::string& text, const std::string& name, const tools::Session& session,
                  std::string_view subject = "The result has");

/// Adds a paragraph to what the model reads of a result.
void append_text(tools::ToolResult& result, std::string_view text);

}  // namespace awl::agent
