// What the platform's web search brought, taken out of the blocks of an answer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace awl::tools {

struct WebResults {
  struct Link {
    std::string title;
    std::string url;
  };
  /// One search, or text between searches.
  struct Part {
    std::string tool_use_id;  ///< empty: text
    std::vector<Link> links;
    std::string text;
  };
  std::vector<Part> parts;
  int searches = 0;  ///< that succeeded, also without a result
  int failures = 0;  ///< each is a text among the parts
};

/// Blocks of other kinds are passed over.
WebResults read_web_results(const std::vector<std::string>& blocks_json);

/// For the model: the links of each search, and the texts, within a bound.
std::string to_text(std::string_view query, const WebResults& results);

}  // namespace awl::tools
