// The tools for resources of MCP servers.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agent/mcp_tools.h"
#include "base/strings.h"
#include "base/utf8.h"
#include "tools/session.h"

namespace awl::embedded {
extern const std::string_view list_mcp_resources_md;
extern const std::string_view read_mcp_resource_md;
}  // namespace awl::embedded

namespace awl::agent {

namespace {

constexpr std::chrono::milliseconds kResourceLimit{60'000};

constexpr std::string_view kListResourcesSchema =
    R"({"type":"object","properties":{)"
    R"("server":{"type":"string","description":"The name of one server; all when left out"}},)"
    R"("additionalProperties":false})";
constexpr std::string_view kReadResourceSchema =
    R"({"type":"object","properties":{)"
    R"("server":{"type":"string","description":"The server's name"},)"
    R"("uri":{"type":"string","description":"The resource's URI"}},)"
    R"("required":["server","uri"],"additionalProperties":false})";

class ResourceTool : public tools::Tool {
 public:
  ResourceTool(mcp::Connections& connections, const McpToolLimits& limits, tools::ToolSpec spec)
      : connections_(connections), limits_(limits), spec_(std::move(spec)) {}
  const tools::ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value& /*input*/) const override { return true; }
  Result<tools::Access> access(const json::Value& /*input*/,
                               const tools::Session& /*session*/) const override {
    return tools::Access{};
  }

 protected:
  mcp::Connections& connections_;
  McpToolLimits limits_;

 private:
  tools::ToolSpec spec_;
};

class ListResourcesTool final : public ResourceTool {
 public:
  using ResourceTool::ResourceTool;

  Task<tools::ToolResult> run(const json::Value& input, const tools::Access& /*access*/,
                              const std::string& /*tool_use_id*/, tools::Session& session) override {
    const std::string wanted = json::string_or_empty(input, "server");
    if (!wanted.empty() && connections_.find(wanted) == nullptr)
      co_return tools::ToolResult::error(fmt::format("There is no MCP server named {}.", to_utf8(wanted)));
    std::vector<std::string> names;
    for (const auto& server : connections_.servers()) {
      if (wanted.empty() || server->config.name == wanted) names.push_back(server->config.name);
    }
    json::Value all = json::Value::array();
    for (const std::string& name : names) {
      auto ready = co_await connections_.ready(name);
      if (!ready || !(*ready)->has_resources()) continue;
      const auto listed = co_await (*ready)->request("resources/list", json::Value::object(), kResourceLimit);
      const json::Value* resources = listed ? json::find(*listed, "resources") : nullptr;
      if (resources == nullptr || !resources->is_array()) continue;
      for (json::Value resource : *resources) {
        resource["server"] = name;
        all.push_back(std::move(resource));
      }
    }
    if (all.empty()) co_return tools::ToolResult{.text = "No MCP server here offers resources."};
    const json::Value content{
        {"content", json::Value::array({{{"type", "text"}, {"text", json::dump_pretty(all)}}})}};
    co_return to_tool_result(content, spec().name, limits_.max_output_tokens * 4, session);
  }
};

class ReadResourceTool final : public ResourceTool {
 public:
  using ResourceTool::ResourceTool;

  Task<tools::ToolResult> run(const json::Value& input, const tools::Access& /*access*/,
                              const std::string& /*tool_use_id*/, tools::Session& session) override {
    auto ready = co_await connections_.ready(json::string_or_empty(input, "server"));
    if (!ready) co_return tools::ToolResult::error(describe(ready.error()));
    const json::Value params{{"uri", json::string_or_empty(input, "uri")}};
    const auto read = co_await (*ready)->request("resources/read", params, kResourceLimit);
    if (!read) co_return tools::ToolResult::error(describe(read.error()));
    json::Value items = json::Value::array();
    if (const json::Value* contents = json::find(*read, "contents");
        contents != nullptr && contents->is_array()) {
      for (const json::Value& content : *contents) {
        const std::string media_type = json::string_or_empty(content, "mimeType");
        if (media_type.starts_with("image/") && content.contains("blob")) {
          items.push_back({{"type", "image"}, {"mimeType", media_type}, {"data", content["blob"]}});
        } else {
          items.push_back({{"type", "resource"}, {"resource", content}});
        }
      }
    }
    co_return to_tool_result({{"content", std::move(items)}}, spec().name, limits_.max_output_tokens * 4,
                             session);
  }
};

}  // namespace

std::vector<std::unique_ptr<tools::Tool>> make_resource_tools(mcp::Connections& connections,
                                                              const McpToolLimits& limits) {
  std::vector<std::unique_ptr<tools::Tool>> made;
  made.push_back(std::make_unique<ListResourcesTool>(
      connections, limits,
      tools::ToolSpec{.name = "ListMcpResourcesTool",
                      .description = std::string(trim(embedded::list_mcp_resources_md)),
                      .input_schema = std::string(kListResourcesSchema),
                      .deferred = true}));
  made.push_back(std::make_unique<ReadResourceTool>(
      connections, limits,
      tools::ToolSpec{.name = "ReadMcpResourceTool",
                      .description = std::string(trim(embedded::read_mcp_resource_md)),
                      .input_schema = std::string(kReadResourceSchema),
                      .deferred = true}));
  return made;
}

}  // namespace awl::agent
