#include "cli/hook_setup.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "cli/messages.h"
#include "hooks/startup_check.h"

namespace awl::cli {

namespace {

constexpr long long kMaxSessionEndBudgetMs = 600'000;

bool may_run(const Setup& setup, config::Scope scope) {
  const config::Settings& settings = setup.settings;
  if (scope == config::Scope::kManaged) return !settings.disable_managed_hooks;
  if (settings.disable_managed_hooks || settings.managed_hooks_only || settings.plugin_only.hooks)
    return false;
  if (settings.disable_all_hooks.value_or(false)) return false;
  // --bare and --safe-mode set these.
  for (const char* mode : {"CLAUDE_CODE_SIMPLE", "CLAUDE_CODE_SAFE_MODE"}) {
    if (setup.environment.is_on(mode)) return false;
  }
  return !config::is_of_project(scope) || setup.trusted || !setup.environment.is_on("AWL_REQUIRE_TRUST");
}

}  // namespace

agent::HookSettings make_hook_settings(const Setup& setup) {
  agent::HookSettings hooks;
  std::vector<std::string> problems;
  for (const config::HooksText& text : setup.settings.hooks) {
    const auto parsed = json::parse(text.json);
    if (!parsed || !may_run(setup, text.scope)) continue;
    hooks.table.add(*parsed, {.name = text.source, .scope = "settings", .variables = {}}, problems);
  }
  std::ranges::move(hooks::find_broken_hooks(hooks.table, setup.environment, setup.locations.project_dir,
                                             setup.locations.home),
                    std::back_inserter(problems));
  for (const std::string& problem : problems) tell("Warning: " + problem);
  hooks.allowed_urls = setup.settings.allowed_http_hook_urls;
  hooks.allowed_variables = setup.settings.http_hook_allowed_variables;
  if (const auto budget =
          parse_integer(trim(setup.environment.get("CLAUDE_CODE_SESSIONEND_HOOKS_TIMEOUT_MS")));
      budget && *budget > 0)
    hooks.session_end_budget = std::chrono::milliseconds(std::min(*budget, kMaxSessionEndBudgetMs));
  return hooks;
}

}  // namespace awl::cli
