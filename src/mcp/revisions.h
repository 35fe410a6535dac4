// The revisions of the Model Context Protocol that are spoken. Source: modelcontextprotocol.io, "Versioning".
#pragma once

#include <array>
#include <string_view>

namespace awl::mcp {

/// The newest first.
inline constexpr std::array<std::string_view, 4> kRevisions{"2025-11-25", "2025-06-18", "2025-03-26",
                                                            "2024-11-05"};

}  // namespace awl::mcp
