#include "mcp/tool_schema.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "json/json.h"

namespace awl::mcp {

namespace {

void merge(json::Value& schema, const json::Value& branch, bool with_required) {
  if (const json::Value* properties = json::find(branch, "properties");
      properties != nullptr && properties->is_object()) {
    for (const auto& [name, value] : properties->items()) {
      if (!schema["properties"].contains(name)) schema["properties"][name] = value;
    }
  }
  const json::Value* required = json::find(branch, "required");
  if (!with_required || required == nullptr || !required->is_array()) return;
  for (const json::Value& name : *required) schema["required"].push_back(name);
}

}  // namespace

json::Value make_api_schema(const json::Value& schema, std::string& note) {
  json::Value made = schema.is_object() ? schema : json::Value::object();
  made["type"] = "object";
  if (!made.contains("properties") || !made["properties"].is_object())
    made["properties"] = json::Value::object();
  for (const char* key : {"allOf", "anyOf", "oneOf"}) {
    if (!made.contains(key)) continue;
    const json::Value branches = made[key];
    made.erase(key);
    if (!branches.is_array()) continue;
    const bool all = std::string_view(key) == "allOf";
    std::vector<std::string> groups;
    for (const json::Value& branch : branches) {
      merge(made, branch, all);
      if (!all && json::find(branch, "required") != nullptr)
        groups.push_back(fmt::format("({})", join(json::strings_of(branch, "required"), ", ")));
    }
    if (!groups.empty())
      note +=
          fmt::format("Give {} of these groups of parameters: {}.",
                      std::string_view(key) == "oneOf" ? "exactly one" : "at least one", join(groups, ", "));
  }
  return made;
}

}  // namespace awl::mcp
