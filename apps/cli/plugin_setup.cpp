#include "cli/plugin_setup.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"

namespace awl::cli {

namespace {

using extensions::InstalledPlugin;

// 0: it is not for this folder.
int rank_of(const InstalledPlugin& plugin, const os::Path& project) {
  if (plugin.scope == "user") return 1;
  if (plugin.project != project) return 0;
  return plugin.scope == "local" ? 3 : 2;
}

Result<extensions::Plugin> load(const std::string& id, const std::vector<InstalledPlugin>& installed,
                                const extensions::PluginStore& store, const Setup& setup) {
  const InstalledPlugin* best = nullptr;
  int best_rank = 0;
  for (const InstalledPlugin& plugin : installed) {
    const int rank = plugin.id == id ? rank_of(plugin, setup.locations.project_dir) : 0;
    if (rank > best_rank) {
      best = &plugin;
      best_rank = rank;
    }
  }
  if (best == nullptr)
    return fail(ErrorKind::kNotFound, "it is not installed",
                fmt::format("`awl plugin install {}` does that.", id));
  const auto policy = marketplace_policy(setup.settings);
  if (!policy.allowed.is_null() || !policy.blocked.empty()) {
    const auto markets = store.marketplaces();
    const auto market = markets.find(extensions::split_plugin_id(id).second);
    if (market == markets.end())
      return fail(ErrorKind::kPermissionDenied,
                  "where it comes from is not known, and the managed settings limit that");
    AWL_CHECK(extensions::check_marketplace(market->second.source, policy));
  }
  AWL_TRY(extensions::Plugin plugin, extensions::load_plugin(best->path));
  plugin.data = store.data_of(id);
  return plugin;
}

}  // namespace

extensions::PluginStore open_plugin_store(const Environment& environment,
                                          const config::Locations& locations) {
  const std::string folder = environment.get("CLAUDE_CODE_PLUGIN_CACHE_DIR");
  return extensions::PluginStore(folder.empty() ? locations.claude_dir / "plugins" : os::Path(folder));
}

extensions::MarketplacePolicy marketplace_policy(const config::Settings& settings) {
  extensions::MarketplacePolicy policy;
  if (!settings.allowed_marketplaces.empty()) policy.allowed = *json::parse(settings.allowed_marketplaces);
  if (!settings.blocked_marketplaces.empty()) policy.blocked = *json::parse(settings.blocked_marketplaces);
  return policy;
}

extensions::GitOptions git_options(const Environment& environment) {
  extensions::GitOptions options;
  options.environment = environment;
  constexpr long long kMostMs = 3'600'000;
  if (const auto limit = parse_integer(trim(environment.get("CLAUDE_CODE_PLUGIN_GIT_TIMEOUT_MS")));
      limit && *limit > 0)
    options.limit = std::chrono::milliseconds(std::min(*limit, kMostMs));
  return options;
}

std::vector<extensions::Plugin> load_installed_plugins(const Setup& setup,
                                                       std::vector<std::string>& problems) {
  std::vector<extensions::Plugin> plugins;
  const auto& enabled = setup.settings.enabled_plugins;
  if (std::ranges::none_of(enabled, [](const auto& entry) { return entry.second; })) return plugins;
  const extensions::PluginStore store = open_plugin_store(setup.environment, setup.locations);
  const auto installed = store.plugins();
  for (const auto& [id, on] : enabled) {
    if (!on) continue;
    auto plugin = load(id, installed, store, setup);
    if (plugin) {
      plugins.push_back(std::move(*plugin));
    } else {
      problems.push_back(
          fmt::format("the plugin {} is switched on, but not loaded: {}", id, describe(plugin.error())));
    }
  }
  return plugins;
}

}  // namespace awl::cli
