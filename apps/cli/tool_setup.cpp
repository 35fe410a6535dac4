#include "cli/tool_setup.h"

#include <algorithm>

namespace awl::cli {

namespace {

// Proxies before the first party's own API often refuse tool_reference blocks; this platform's do not.
bool forwards_references(const Setup& setup) {
  // Deployments of Foundry that Azure hosts do not know them, and nothing tells those apart.
  if (setup.provider.kind == anthropic::ProviderKind::kFoundry) return false;
  if (setup.provider.kind == anthropic::ProviderKind::kBedrock) return true;
  return setup.provider.kind == anthropic::ProviderKind::kClaudePlatformOnAws ||
         setup.provider.base_url_source.empty() || setup.provider.base_url == "https://api.anthropic.com";
}

// The model's own id, without what a provider puts around it.
std::string bare_id(const anthropic::ModelChoice& model) {
  return model.info.is_known() ? std::string(model.info.id) : model.id;
}

bool all_know_references(const Setup& setup) {
  return agent::knows_tool_references(bare_id(setup.model)) &&
         std::ranges::all_of(setup.fallback_models, [](const anthropic::ModelChoice& model) {
           return agent::knows_tool_references(bare_id(model));
         });
}

}  // namespace

agent::ToolSelection make_tool_selection(const Setup& setup, const Arguments& arguments) {
  agent::ToolSelection selection;
  selection.only = arguments.tools;
  for (const permission::Rule& rule : setup.rules.allow) {
    if (rule.source == "--allowedTools") selection.named.push_back(rule.tool);
  }
  // It is the platform that searches.
  if (setup.provider.kind == anthropic::ProviderKind::kBedrock) selection.not_served = {"WebSearch"};
  selection.minimal = setup.environment.is_on("CLAUDE_CODE_SIMPLE");
  selection.task_tools = agent::choose_task_tools(setup.environment, bare_id(setup.model), selection.named);
  selection.search = agent::choose_tool_search(setup.environment, forwards_references(setup));
  if (!all_know_references(setup) || setup.left_out.contains("beta:advanced-tool-use-2025-11-20"))
    selection.search.mode = agent::ToolSearchPolicy::Mode::kOff;
  selection.search.context_window = setup.model.info.context_window;
  return selection;
}

}  // namespace awl::cli
