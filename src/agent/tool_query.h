// Finding tools by name or by words: the queries of ToolSearch.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace awl::agent {

/// `select:A,B` names tools; anything else is words, of which those with a `+` before them must be in the
/// name.
struct ToolQuery {
  std::vector<std::string> names;     ///< of select:
  std::vector<std::string> required;  ///< lower case
  std::vector<std::string> words;     ///< lower case, the required ones included
};
ToolQuery parse_tool_query(std::string_view text);

struct ToolEntry {
  std::string_view name;
  std::string_view description;
};

/// Places of the entries that fit the words, best first, at most `limit`. A tool whose name is the query, or
/// begins with it as `mcp__server`, comes before all others; the order among equals is that of `entries`.
std::vector<size_t> rank_tools(const ToolQuery& query, std::span<const ToolEntry> entries, size_t limit);

}  // namespace awl::agent
