#include "agent/mcp_tools.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/result_bounds.h"
#include "base/strings.h"
#include "base/utf8.h"
#include "mcp/tool_schema.h"
#include "tools/session.h"

namespace awl::agent {

namespace {

constexpr size_t kMaxDescriptionBytes = 2'048;
constexpr size_t kCharsPerToken = 4;

class McpTool final : public tools::Tool {
 public:
  McpTool(mcp::Connections& connections, std::string server, mcp::ToolInfo info, bool always_load,
          const McpToolLimits& limits)
      : connections_(connections), server_(std::move(server)), info_(std::move(info)), limits_(limits) {
    std::string note;
    const json::Value schema = mcp::make_api_schema(info_.input_schema, note);
    spec_.name = mcp_prefix(server_) + mcp::tool_part(info_.name);
    spec_.description = note + (note.empty() ? "" : " ") + to_utf8(info_.description);
    spec_.description = std::string(utf8_prefix(spec_.description, kMaxDescriptionBytes));
    spec_.input_schema = json::dump(schema);
    spec_.deferred = !always_load && !info_.always_load;
  }

  const tools::ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value& /*input*/) const override { return info_.read_only; }
  Result<tools::Access> access(const json::Value& /*input*/,
                               const tools::Session& /*session*/) const override {
    return tools::Access{};
  }

  Task<tools::ToolResult> run(const json::Value& input, const tools::Access& /*access*/,
                              const std::string& tool_use_id, tools::Session& session) override {
    auto ready = co_await connections_.ready(server_);
    if (!ready) co_return tools::ToolResult::error(describe(ready.error()));
    const mcp::Connections::Server* server = connections_.find(server_);
    const auto limit = server->config.tool_timeout.value_or(limits_.call_limit);
    json::Value params{
        {"name", info_.name}, {"arguments", input}, {"_meta", {{"claudecode/toolUseId", tool_use_id}}}};
    auto called = co_await (*ready)->request("tools/call", std::move(params), limit);
    if (!called) {
      co_return tools::ToolResult::error(
          fmt::format("The MCP server {} gave no result: {}", server_, describe(called.error())));
    }
    const size_t max_chars =
        info_.max_result_chars > 0 ? info_.max_result_chars : limits_.max_output_tokens * kCharsPerToken;
    co_return to_tool_result(*called, spec_.name, max_chars, session);
  }

 private:
  mcp::Connections& connections_;
  std::string server_;
  mcp::ToolInfo info_;
  McpToolLimits limits_;
  tools::ToolSpec spec_;
};

std::string text_of_resource(const json::Value& resource) {
  const std::string uri = json::string_or_empty(resource, "uri");
  if (const auto text = json::get_string(resource, "text")) return fmt::format("{}:\n{}", uri, *text);
  return fmt::format("{} ({}): binary data", uri, json::string_or_empty(resource, "mimeType"));
}

// A content item as a block of the Messages API.
json::Value to_block(const json::Value& item) {
  const std::string type = json::string_or_empty(item, "type");
  const auto text = [](std::string words) { return json::Value{{"type", "text"}, {"text", to_utf8(words)}}; };
  if (type == "text") return text(json::string_or_empty(item, "text"));
  if (type == "image") {
    return {{"type", "image"},
            {"source",
             {{"type", "base64"},
              {"media_type", json::string_or_empty(item, "mimeType")},
              {"data", json::string_or_empty(item, "data")}}}};
  }
  if (type == "resource" && item.contains("resource")) return text(text_of_resource(item["resource"]));
  if (type == "resource_link")
    return text(fmt::format("Resource {}: {}", json::string_or_empty(item, "name"),
                            json::string_or_empty(item, "uri")));
  return text(fmt::format("[{} of the type {}, which cannot be shown]", type.empty() ? "something" : type,
                          json::string_or_empty(item, "mimeType")));
}

}  // namespace

std::string mcp_prefix(const std::string& server) { return fmt::format("mcp__{}__", mcp::tool_part(server)); }

const mcp::ToolInfo* find_mcp_tool(const mcp::Connections::Server& server, std::string_view name) {
  const std::string prefix = mcp_prefix(server.config.name);
  if (!server.client || !name.starts_with(prefix)) return nullptr;
  name.remove_prefix(prefix.size());
  const auto& tools = server.client->tools();
  const auto found = std::ranges::find_if(
      tools, [name](const mcp::ToolInfo& tool) { return mcp::tool_part(tool.name) == name; });
  return found == tools.end() ? nullptr : &*found;
}

std::vector<std::unique_ptr<tools::Tool>> make_mcp_tools(mcp::Connections& connections,
                                                         const std::string& server,
                                                         const McpToolLimits& limits) {
  std::vector<std::unique_ptr<tools::Tool>> made;
  const mcp::Connections::Server* found = connections.find(server);
  if (found == nullptr || found->status != mcp::Status::kConnected) return made;
  for (const mcp::ToolInfo& info : found->client->tools())
    made.push_back(std::make_unique<McpTool>(connections, server, info, found->config.always_load, limits));
  return made;
}

std::string result_text(const json::Value& result) {
  std::string text;
  const json::Value* content = json::find(result, "content");
  if (content != nullptr && content->is_array()) {
    for (const json::Value& item : *content) {
      const json::Value block = to_block(item);
      if (block["type"] == "text") text += (text.empty() ? "" : "\n") + block["text"].get<std::string>();
    }
  }
  const json::Value* structured = json::find(result, "structuredContent");
  // With a picture beside it, it says the same once more.
  const bool has_content = content != nullptr && content->is_array() && !content->empty();
  if (!has_content && structured != nullptr) text = json::dump(*structured);
  return text;
}

tools::ToolResult to_tool_result(const json::Value& result, const std::string& tool_name, size_t max_chars,
                                 const tools::Session& session) {
  tools::ToolResult made;
  made.text = result_text(result);
  made.is_error = json::get_bool(result, "isError").value_or(false);
  if (made.text.size() > max_chars) made.text = spill(made.text, tool_name, session);
  const json::Value* content = json::find(result, "content");
  json::Value blocks = json::Value::array();
  bool only_text = true;
  if (content != nullptr && content->is_array()) {
    for (const json::Value& item : *content) {
      json::Value block = to_block(item);
      if (block["type"] != "text") only_text = false;
      blocks.push_back(std::move(block));
    }
  }
  if (only_text || made.is_error) return made;
  // The texts, as far as they may be shown, then the rest.
  json::Value shown = json::Value::array();
  if (!made.text.empty()) shown.push_back({{"type", "text"}, {"text", made.text}});
  for (json::Value& block : blocks) {
    if (block["type"] != "text") shown.push_back(std::move(block));
  }
  made.content_json = json::dump(shown);
  made.structured_json = made.content_json;
  return made;
}

}  // namespace awl::agent
