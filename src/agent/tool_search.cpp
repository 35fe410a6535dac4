#include "agent/tool_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/tool_query.h"
#include "agent/tool_set.h"
#include "base/strings.h"

namespace awl::embedded {
extern const std::string_view tool_search_md;
}

namespace awl::agent {

namespace {

constexpr long long kDefaultResults = 5;
constexpr long long kMaxResults = 50;

constexpr std::string_view kSchema =
    R"({"type":"object","properties":{)"
    R"("query":{"type":"string","description":"select:A,B for tools by name, or words to search for"},)"
    R"("max_results":{"type":"integer","description":"How many tools at most; 5 when left out"}},)"
    R"("required":["query"],"additionalProperties":false})";

struct Found {
  std::vector<std::string> to_load;  // deferred tools
  std::vector<std::string> there;    // tools that are described already
  std::vector<std::string> unknown;
};

class ToolSearchTool final : public tools::Tool {
 public:
  explicit ToolSearchTool(ToolSet& tools) : tools_(tools) {}

  const tools::ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value& /*input*/) const override { return true; }

  Result<tools::Access> access(const json::Value& input, const tools::Session& /*session*/) const override {
    if (trim(json::string_or_empty(input, "query")).empty())
      return fail(ErrorKind::kInvalidInput, "`query` is empty");
    return tools::Access{};
  }

  Task<tools::ToolResult> run(const json::Value& input, const tools::Access& /*access*/,
                              const std::string& /*tool_use_id*/, tools::Session& /*session*/) override {
    if (tools_.before_search) {
      auto settled = tools_.before_search();
      co_await std::move(settled);
    }
    const std::string text = json::string_or_empty(input, "query");
    const long long limit =
        std::clamp(json::get_integer(input, "max_results").value_or(kDefaultResults), 1LL, kMaxResults);
    const ToolQuery query = parse_tool_query(text);
    // A name without `select:` is clear enough.
    const bool is_name = tools_.find_any_case(trim(text)) != nullptr;
    const Found found = is_name               ? select({std::string(trim(text))})
                        : query.names.empty() ? search(query, static_cast<size_t>(limit))
                                              : select(query.names);
    for (const std::string& name : found.to_load) tools_.load(name);
    co_return make_result(text, found);
  }

 private:
  Found select(const std::vector<std::string>& names) const {
    Found found;
    for (const std::string& name : names) {
      const OfferedTool* tool = tools_.find_any_case(name);
      std::vector<std::string>& list = tool == nullptr  ? found.unknown
                                       : tool->deferred ? found.to_load
                                                        : found.there;
      const std::string& known = tool == nullptr ? name : tool->tool->spec().name;
      if (std::ranges::find(list, known) == list.end()) list.push_back(known);
    }
    return found;
  }

  Found search(const ToolQuery& query, size_t limit) const {
    std::vector<ToolEntry> entries;
    for (const OfferedTool* tool : tools_.deferred())
      entries.push_back({tool->tool->spec().name, tool->tool->spec().description});
    Found found;
    for (const size_t place : rank_tools(query, entries, limit))
      found.to_load.emplace_back(entries[place].name);
    return found;
  }

  tools::ToolResult make_result(const std::string& query, const Found& found) const {
    std::vector<std::string> lines;
    if (!found.to_load.empty()) lines.push_back(fmt::format("Loaded: {}.", join(found.to_load, ", ")));
    if (!found.there.empty())
      lines.push_back(fmt::format("Described to you already: {}.", join(found.there, ", ")));
    if (!found.unknown.empty()) lines.push_back(fmt::format("Not found: {}.", join(found.unknown, ", ")));
    if (lines.empty()) lines.emplace_back("No tool fits this query. The reminder lists all names.");

    tools::ToolResult result;
    result.text = join(lines, "\n");
    if (!found.to_load.empty()) {
      json::Value blocks = json::Value::array();
      for (const std::string& name : found.to_load)
        blocks.push_back({{"type", "tool_reference"}, {"tool_name", name}});
      blocks.push_back({{"type", "text"}, {"text", result.text}});
      result.content_json = json::dump(blocks);
    }
    result.structured_json = json::dump(
        {{"matches", found.to_load}, {"query", query}, {"total_deferred_tools", tools_.deferred().size()}});
    return result;
  }

  tools::ToolSpec spec_{"ToolSearch", std::string(trim(embedded::tool_search_md)), std::string(kSchema)};
  ToolSet& tools_;
};

}  // namespace

std::unique_ptr<tools::Tool> make_tool_search_tool(ToolSet& tools) {
  return std::make_unique<ToolSearchTool>(tools);
}

}  // namespace awl::agent
