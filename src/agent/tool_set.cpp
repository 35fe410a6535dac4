#include "agent/tool_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace awl::agent {

namespace {

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_search_tool(std::string_view name) { return name == "Grep" || name == "Glob"; }

bool is_selected(std::string_view name, const ToolSelection& selection, bool has_bash) {
  if (selection.only) {
    if (contains(*selection.only, name)) return true;
    if (!contains(*selection.only, "default")) return false;
  }
  return !is_search_tool(name) || contains(selection.named, name) || !has_bash;
}

}  // namespace

ToolSet::ToolSet(std::vector<std::unique_ptr<tools::Tool>> all, const ToolSelection& selection,
                 const permission::Rules& rules) {
  const bool has_bash = !permission::is_tool_denied(rules, "Bash");
  for (auto& tool : all) {
    const tools::ToolSpec& spec = tool->spec();
    if (permission::is_tool_denied(rules, spec.name) || !is_selected(spec.name, selection, has_bash))
      continue;
    add(std::move(tool));
  }
}

void ToolSet::add(std::unique_ptr<tools::Tool> tool) {
  auto schema_json = json::parse(tool->spec().input_schema);
  auto schema = schema_json ? json::Schema::compile(*schema_json) : std::unexpected(schema_json.error());
  // Built-in schemas are tested, and a schema of the person is checked where it comes in.
  if (!schema) std::abort();
  tools_.push_back({std::move(tool), std::move(*schema_json), std::move(*schema)});
}

OfferedTool* ToolSet::find(std::string_view name) {
  const auto found = std::find_if(tools_.begin(), tools_.end(),
                                  [name](const OfferedTool& t) { return t.tool->spec().name == name; });
  return found == tools_.end() ? nullptr : &*found;
}

std::vector<std::string> ToolSet::names() const {
  std::vector<std::string> names;
  for (const OfferedTool& offered : tools_) names.push_back(offered.tool->spec().name);
  return names;
}

std::vector<std::string> ToolSet::definitions() const {
  std::vector<std::string> definitions;
  for (const OfferedTool& offered : tools_) {
    const tools::ToolSpec& spec = offered.tool->spec();
    definitions.push_back(fmt::format(R"({{"name":{},"description":{},"input_schema":{}}})",
                                      json::quote(spec.name), json::quote(spec.description),
                                      json::dump(offered.schema_json)));
  }
  return definitions;
}

}  // namespace awl::agent
