#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "emulator/validation.h"

namespace awl::emulator {

namespace {

constexpr size_t kMaxToolName = 128;

bool is_tool_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxToolName && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

ApiResult<> check_own_tool(const json::Value& tool, const std::string& path) {
  AWL_CHECK(allow_only(tool,
                       {"type", "name", "description", "input_schema", "cache_control", "strict",
                        "defer_loading", "allowed_callers", "input_examples", "eager_input_streaming"},
                       path));
  const json::Value* description = json::find(tool, "description");
  if (description != nullptr && !description->is_string()) {
    return invalid_at(join_path(path, "description"), "Input should be a valid string");
  }
  const json::Value* schema = json::find(tool, "input_schema");
  const std::string schema_path = join_path(path, "input_schema");
  if (schema == nullptr) return invalid_at(schema_path, "Field required");
  AWL_CHECK(require_object(*schema, schema_path));
  AWL_TRY(const std::string type, require_string(*schema, "type", schema_path));
  if (type != "object") return invalid_at(join_path(schema_path, "type"), "Input should be 'object'");
  return {};
}

/// Its name, or "" for a toolset, which has none.
ApiResult<std::string> check_tool(const json::Value& tool, const std::string& path) {
  AWL_CHECK(require_object(tool, path));
  const json::Value* type = json::find(tool, "type");
  const bool is_own = type == nullptr || type->is_null() || *type == "custom";
  if (!is_own && !type->is_string())
    return invalid_at(join_path(path, "type"), "Input should be a valid string");
  if (!is_own && type->get<std::string>().contains("_toolset")) return "";
  AWL_TRY(std::string name, require_string(tool, "name", path));
  if (!is_tool_name(name)) {
    return invalid_at(join_path(path, "name"), "String should match pattern '^[a-zA-Z0-9_-]{1,128}$'");
  }
  if (is_own) {
    AWL_CHECK(check_own_tool(tool, path));
  }
  return name;
}

ApiResult<> check_tool_choice(const json::Value& choice, const std::set<std::string>& names, bool has_tools) {
  AWL_CHECK(require_object(choice, "tool_choice"));
  AWL_TRY(const std::string type, require_string(choice, "type", "tool_choice"));
  if (type == "auto" || type == "any" || type == "none") {
    if (!has_tools && type != "none")
      return invalid_request("tool_choice may only be specified while providing tools.");
    return {};
  }
  if (type != "tool")
    return invalid_at("tool_choice.type", "Input should be 'auto', 'any', 'tool' or 'none'");
  AWL_TRY(const std::string name, require_string(choice, "name", "tool_choice"));
  if (!names.contains(name))
    return invalid_request(fmt::format("Tool '{}' not found in provided tools", name));
  return {};
}

}  // namespace

ApiResult<> validate_tools(const json::Value& request) {
  std::set<std::string> names;
  const json::Value* tools = json::find(request, "tools");
  if (tools != nullptr) {
    if (!tools->is_array()) return invalid_at("tools", "Input should be a valid list");
    for (size_t i = 0; i < tools->size(); ++i) {
      AWL_TRY(std::string name, check_tool((*tools)[i], join_path("tools", i)));
      if (!name.empty() && !names.insert(name).second) {
        return invalid_at("tools", fmt::format("Tool names must be unique: '{}' is there twice.", name));
      }
    }
  }
  const json::Value* choice = json::find(request, "tool_choice");
  if (choice == nullptr) return {};
  AWL_CHECK(check_tool_choice(*choice, names, tools != nullptr && !tools->empty()));
  const json::Value* thinking = json::find(request, "thinking");
  const std::string type = json::string_or_empty(*choice, "type");
  if (thinking != nullptr && json::string_or_empty(*thinking, "type") == "enabled" &&
      (type == "any" || type == "tool")) {
    return invalid_request("Thinking may not be enabled when tool_choice forces tool use.");
  }
  return {};
}

}  // namespace awl::emulator
