#include "tools/web_results.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/strings.h"
#include "base/utf8.h"
#include "json/json.h"

namespace awl::tools {

namespace {

constexpr size_t kMaxLinks = 100;  // of one search
constexpr size_t kMaxTitleBytes = 300;
constexpr size_t kMaxUrlBytes = 2'000;
constexpr size_t kMaxResultTextBytes = 100'000;

std::string one_line(std::string_view text, size_t max_bytes) {
  const std::string clean = to_utf8(text);
  std::string line(utf8_prefix(clean, max_bytes));
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  return std::string(trim(line));
}

// Why a search failed. Source: the platform's page on the web search tool, "Errors".
std::string failure_text(std::string_view code) {
  static constexpr std::pair<std::string_view, std::string_view> kTexts[] = {
      {"too_many_requests", "too many searches at the moment; try again later"},
      {"invalid_tool_input", "the query is not one that can be searched for"},
      {"max_uses_exceeded", "this call has used all the searches it may make"},
      {"query_too_long", "the query is too long"},
      {"request_too_large", "the request is too large; give fewer domains"},
      {"unavailable", "the search is not available at the moment"},
  };
  for (const auto& [name, text] : kTexts) {
    if (name == code) return fmt::format("A search failed: {}.", text);
  }
  return fmt::format("A search failed: {}.", one_line(code, 100));
}

void add_text(WebResults& results, std::string_view text) {
  // Citations cut a text into many blocks.
  if (results.parts.empty() || !results.parts.back().tool_use_id.empty()) results.parts.emplace_back();
  results.parts.back().text += text;
}

void add_search(WebResults& results, const json::Value& block) {
  const json::Value* content = json::find(block, "content");
  if (content == nullptr) return;
  if (!content->is_array()) {
    ++results.failures;
    results.parts.push_back({{}, {}, failure_text(json::string_or_empty(*content, "error_code"))});
    results.parts.emplace_back();  // what follows is a text of its own
    return;
  }
  ++results.searches;
  WebResults::Part part;
  part.tool_use_id = json::string_or_empty(block, "tool_use_id");
  if (part.tool_use_id.empty()) part.tool_use_id = "web_search";
  for (const json::Value& found : *content) {
    WebResults::Link link{one_line(json::string_or_empty(found, "title"), kMaxTitleBytes),
                          one_line(json::string_or_empty(found, "url"), kMaxUrlBytes)};
    if (link.url.empty() || part.links.size() >= kMaxLinks) continue;
    if (link.title.empty()) link.title = link.url;
    part.links.push_back(std::move(link));
  }
  results.parts.push_back(std::move(part));
}

}  // namespace

WebResults read_web_results(const std::vector<std::string>& blocks_json) {
  WebResults results;
  for (const std::string& text : blocks_json) {
    const auto block = json::parse(text);
    if (!block) continue;
    const std::string type = json::string_or_empty(*block, "type");
    if (type == "text") add_text(results, json::string_or_empty(*block, "text"));
    if (type == "web_search_tool_result") add_search(results, *block);
  }
  std::erase_if(results.parts, [](const WebResults::Part& part) {
    return part.tool_use_id.empty() && trim(part.text).empty();
  });
  return results;
}

std::string to_text(std::string_view query, const WebResults& results) {
  std::string out = fmt::format("Web search for \"{}\":", one_line(query, 500));
  bool has_links = false;
  for (const WebResults::Part& part : results.parts) {
    out += "\n";
    if (part.tool_use_id.empty()) out += fmt::format("\n{}", trim(part.text));
    for (const WebResults::Link& link : part.links) out += fmt::format("\n- [{}]({})", link.title, link.url);
    has_links = has_links || !part.links.empty();
  }
  if (!has_links && results.failures == 0) out += "\n\nNothing was found.";
  const std::string clean = to_utf8(out);
  return std::string(utf8_prefix(clean, kMaxResultTextBytes));
}

}  // namespace awl::tools
