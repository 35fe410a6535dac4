#include "mcp_server/tool_content.h"

#include <fmt/format.h>

namespace awl::mcp_server {

namespace {

json::Value text_content(const std::string& text) { return {{"type", "text"}, {"text", text}}; }

json::Value to_content(const json::Value& block, size_t number) {
  const std::string type = json::string_or_empty(block, "type");
  if (type == "text") return text_content(json::string_or_empty(block, "text"));
  const json::Value* source = json::find(block, "source");
  const std::string data = source == nullptr ? "" : json::string_or_empty(*source, "data");
  if (data.empty()) return text_content(json::dump(block));
  const std::string media_type = json::string_or_empty(*source, "media_type");
  if (type == "image") return {{"type", "image"}, {"data", data}, {"mimeType", media_type}};
  // It has no address of its own, and the protocol wants one.
  return {
      {"type", "resource"},
      {"resource",
       {{"uri", fmt::format("awl://result/{}", number)}, {"mimeType", media_type}, {"blob", data}}},
  };
}

}  // namespace

json::Value to_call_result(const tools::ToolResult& result) {
  json::Value content = json::Value::array();
  const auto blocks = json::parse(result.content_json.empty() ? "[]" : result.content_json);
  if (blocks && blocks->is_array()) {
    for (const json::Value& block : *blocks) content.push_back(to_content(block, content.size() + 1));
  }
  if (content.empty()) content.push_back(text_content(result.text));
  json::Value answer{{"content", std::move(content)}};
  if (result.is_error) answer["isError"] = true;
  return answer;
}

}  // namespace awl::mcp_server
