#include "agent/tool_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "agent/tool_search.h"
#include "base/strings.h"

namespace awl::agent {

namespace {

constexpr std::string_view kToolSearch = "ToolSearch";
constexpr std::string_view kTodoTool = "TodoWrite";
constexpr int64_t kBytesPerDefinitionToken = 4;

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// Under its name or a former one.
bool is_named(const std::vector<std::string>& names, const tools::ToolSpec& spec) {
  return contains(names, spec.name) || std::ranges::any_of(spec.aliases, [&names](const std::string& alias) {
           return contains(names, alias);
         });
}

bool is_denied(const permission::Rules& rules, const tools::ToolSpec& spec) {
  return permission::is_tool_denied(rules, spec.name) ||
         std::ranges::any_of(spec.aliases, [&rules](const std::string& alias) {
           return permission::is_tool_denied(rules, alias);
         });
}

bool is_search_tool(std::string_view name) { return name == "Grep" || name == "Glob"; }

// One of the tools that a session has when nobody says otherwise.
bool is_usual(const tools::ToolSpec& spec, const ToolSelection& selection, bool has_bash) {
  const std::string_view name = spec.name;
  if (selection.minimal) return name == "Bash" || name == "Read" || name == "Edit";
  if (is_search_tool(name)) return is_named(selection.named, spec) || !has_bash;
  if (is_task_list_tool(name)) return selection.task_tools == TaskTools::kList;
  if (name == kTodoTool) return selection.task_tools == TaskTools::kTodos;
  return true;
}

bool is_selected(const tools::ToolSpec& spec, const ToolSelection& selection, bool has_bash) {
  if (spec.name.starts_with("mcp__")) return true;
  if (selection.only) {
    if (is_named(*selection.only, spec)) return true;
    if (!contains(*selection.only, "default")) return false;
  }
  return is_usual(spec, selection, has_bash);
}

// `more` are further members.
std::string definition_of(const OfferedTool& offered, std::string_view more) {
  const tools::ToolSpec& spec = offered.tool->spec();
  return fmt::format(R"({{"name":{},"description":{},"input_schema":{}{}}})", json::quote(spec.name),
                     json::quote(spec.description), json::dump(offered.schema_json), more);
}

}  // namespace

ToolSet::ToolSet(std::vector<std::unique_ptr<tools::Tool>> all, const ToolSelection& selection,
                 const permission::Rules& rules) {
  const bool has_bash = !permission::is_tool_denied(rules, "Bash");
  for (auto& tool : all) {
    const tools::ToolSpec& spec = tool->spec();
    if (contains(selection.not_served, spec.name)) continue;
    if (!is_denied(rules, spec) && is_selected(spec, selection, has_bash)) add(std::move(tool));
  }
  set_up_search(selection, rules);
}

void ToolSet::set_up_search(const ToolSelection& selection, const permission::Rules& rules) {
  const bool named = selection.only && contains(*selection.only, kToolSearch);
  const bool usual = !selection.minimal && (!selection.only || contains(*selection.only, "default"));
  const ToolSearchPolicy& policy = selection.search;
  if (policy.mode == ToolSearchPolicy::Mode::kOff || permission::is_tool_denied(rules, kToolSearch)) return;
  if (!named && !usual) return;

  std::vector<OfferedTool*> waiting;
  int64_t bytes = 0;
  for (OfferedTool& offered : tools_) {
    const tools::ToolSpec& spec = offered.tool->spec();
    if (!spec.deferred || (selection.only && is_named(*selection.only, spec))) continue;
    waiting.push_back(&offered);
    bytes += static_cast<int64_t>(definition_of(offered, "").size());
  }
  if (policy.mode == ToolSearchPolicy::Mode::kAuto &&
      bytes / kBytesPerDefinitionToken < policy.context_window * policy.threshold_percent / 100) {
    return;
  }
  if (waiting.empty() && !named && !selection.more_may_come) return;
  for (OfferedTool* offered : waiting) offered->deferred = true;
  add(make_tool_search_tool(*this));
  search_is_on_ = true;
}

void ToolSet::add(std::unique_ptr<tools::Tool> tool) {
  // Built-in schemas are tested, and a schema of the person is checked where it comes in.
  if (!try_add(std::move(tool))) std::abort();
}

Result<> ToolSet::try_add(std::unique_ptr<tools::Tool> tool) {
  AWL_TRY(json::Value schema_json, json::parse(tool->spec().input_schema));
  AWL_TRY(json::Schema schema, json::Schema::compile(schema_json));
  const bool deferred = search_is_on_ && tool->spec().deferred;
  tools_.push_back({std::move(tool), std::move(schema_json), std::move(schema), deferred});
  return {};
}

void ToolSet::restrict_to(const std::vector<std::string>& names) {
  for (OfferedTool& offered : tools_) offered.gone = offered.gone || !is_named(names, offered.tool->spec());
}

bool ToolSet::replace_group(const std::string& prefix, std::vector<std::unique_ptr<tools::Tool>> tools,
                            const permission::Rules& rules, std::vector<std::string>& problems) {
  const auto same = [](const tools::ToolSpec& a, const tools::ToolSpec& b) {
    return a.name == b.name && a.description == b.description && a.input_schema == b.input_schema;
  };
  bool changed = false;
  for (OfferedTool& offered : tools_) {
    if (offered.gone || !offered.tool->spec().name.starts_with(prefix)) continue;
    const auto again = std::ranges::find_if(
        tools, [&](const auto& tool) { return same(tool->spec(), offered.tool->spec()); });
    if (again != tools.end()) {
      tools.erase(again);
      continue;
    }
    offered.gone = true;
    changed = changed || !offered.deferred || contains(loaded_, offered.tool->spec().name);
  }
  for (std::unique_ptr<tools::Tool>& tool : tools) {
    if (is_denied(rules, tool->spec())) continue;
    const std::string name = tool->spec().name;
    if (const auto added = try_add(std::move(tool)); !added) {
      problems.push_back(fmt::format("{} is not offered: {}", name, added.error().message));
      continue;
    }
    changed = changed || !tools_.back().deferred;
  }
  return changed;
}

OfferedTool* ToolSet::find(std::string_view name) {
  const auto by_name = std::ranges::find_if(
      tools_, [name](const OfferedTool& t) { return !t.gone && t.tool->spec().name == name; });
  if (by_name != tools_.end()) return &*by_name;
  const auto by_alias = std::ranges::find_if(
      tools_, [name](const OfferedTool& t) { return !t.gone && contains(t.tool->spec().aliases, name); });
  return by_alias == tools_.end() ? nullptr : &*by_alias;
}

const OfferedTool* ToolSet::find_any_case(std::string_view name) const {
  const std::string wanted = to_lower(name);
  const auto found = std::ranges::find_if(
      tools_, [&wanted](const OfferedTool& t) { return !t.gone && to_lower(t.tool->spec().name) == wanted; });
  return found == tools_.end() ? nullptr : &*found;
}

bool ToolSet::has(std::string_view name) const {
  return std::ranges::any_of(tools_,
                             [name](const OfferedTool& t) { return !t.gone && t.tool->spec().name == name; });
}

std::vector<std::string> ToolSet::names() const {
  std::vector<std::string> names;
  for (const OfferedTool& offered : tools_) {
    if (!offered.gone) names.push_back(offered.tool->spec().name);
  }
  return names;
}

std::vector<std::string> ToolSet::definitions() const {
  std::vector<std::string> definitions;
  for (const OfferedTool& offered : tools_) {
    if (!offered.deferred && !offered.gone) definitions.push_back(definition_of(offered, ""));
  }
  return definitions;
}

std::vector<const OfferedTool*> ToolSet::deferred() const {
  std::vector<const OfferedTool*> deferred;
  for (const OfferedTool& offered : tools_) {
    if (offered.deferred && !offered.gone) deferred.push_back(&offered);
  }
  return deferred;
}

std::vector<std::string> ToolSet::deferred_names() const {
  std::vector<std::string> names;
  for (const OfferedTool* offered : deferred()) names.push_back(offered->tool->spec().name);
  return names;
}

void ToolSet::load(std::string_view name) {
  const OfferedTool* offered = find(name);
  if (offered == nullptr || !offered->deferred || contains(loaded_, offered->tool->spec().name)) return;
  loaded_.push_back(offered->tool->spec().name);
  loaded_definitions_.push_back(definition_of(*offered, R"(,"defer_loading":true)"));
  if (on_loaded_) on_loaded_(loaded_definitions_.back());
}

}  // namespace awl::agent
