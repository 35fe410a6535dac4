#include "cli/plugin_changes.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/clock.h"
#include "base/strings.h"
#include "cli/config_change.h"
#include "config/json_edit.h"
#include "config/shared_file.h"
#include "extensions/marketplace.h"
#include "json/json.h"
#include "os/path.h"

namespace awl::cli {

namespace {

using extensions::InstalledPlugin;
using extensions::Marketplace;
using extensions::MarketplaceSource;

// Where the catalogue of a source is, after a clone if it needs one.
Task<Result<os::Path>> fetch_catalogue(PluginPlace place, const MarketplaceSource& source) {
  if (source.clone_url().empty()) co_return os::Path(source.location);
  // The name is only known when the catalogue was read.
  const os::Path folder = place.store.clone_of(".new");
  auto cloned = co_await extensions::clone_repository(source.clone_url(), source.ref, "", folder,
                                                      git_options(place.setup.environment));
  if (!cloned) co_return std::unexpected(cloned.error());
  co_return folder;
}

// The one known marketplace that has the plugin.
Result<std::string> find_marketplace_of(PluginPlace place, const std::string& plugin) {
  std::vector<std::string> found;
  for (const auto& [name, market] : place.store.marketplaces()) {
    const auto catalogue = extensions::load_marketplace(market.location);
    if (catalogue && catalogue->find(plugin) != nullptr) found.push_back(name);
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return fail(ErrorKind::kNotFound, fmt::format("no marketplace that is known has a plugin {}", plugin),
                "`awl plugin marketplace add` adds one.");
  }
  return fail(ErrorKind::kInvalidInput,
              fmt::format("several marketplaces have a plugin {}: {}", plugin, join(found, ", ")),
              fmt::format("Write {}@{}.", plugin, found.front()));
}

}  // namespace

Task<Result<Marketplace>> add_marketplace(PluginPlace place, MarketplaceSource source) {
  AWL_CO_CHECK(extensions::check_marketplace(source, marketplace_policy(place.setup.settings)));
  auto fetched = co_await fetch_catalogue(place, source);
  AWL_CO_TRY(os::Path location, std::move(fetched));
  AWL_CO_TRY(Marketplace market, extensions::load_marketplace(location));
  const auto known = place.store.marketplaces();
  if (const auto same = known.find(market.name);
      same != known.end() && to_string(same->second.source) != to_string(source)) {
    co_return fail(ErrorKind::kInvalidInput,
                   fmt::format("there is a marketplace {} already, from {}", market.name,
                               to_string(same->second.source)),
                   fmt::format("`awl plugin marketplace remove {}` takes it away.", market.name));
  }
  if (!source.clone_url().empty()) {
    const os::Path folder = place.store.clone_of(market.name);
    std::error_code error;
    std::filesystem::remove_all(folder, error);
    std::filesystem::rename(location, folder, error);
    if (error)
      co_return fail(ErrorKind::kIo, fmt::format("cannot write {}: {}", folder.string(), error.message()));
    location = market.root = folder;
  }
  AWL_CO_CHECK(
      place.store.put_marketplace(market.name, {source, location, format_iso8601(system_clock_now())}));
  co_return market;
}

Task<Result<Marketplace>> open_marketplace(PluginPlace place, std::string name) {
  const auto known = place.store.marketplaces();
  const auto found = known.find(name);
  if (found != known.end()) {
    AWL_CO_CHECK(
        extensions::check_marketplace(found->second.source, marketplace_policy(place.setup.settings)));
    co_return extensions::load_marketplace(found->second.location);
  }
  const auto& announced = place.setup.settings.extra_marketplaces;
  const auto extra = announced.find(name);
  if (extra == announced.end()) {
    co_return fail(
        ErrorKind::kNotFound, fmt::format("there is no marketplace {}", name),
        "`awl plugin marketplace add` adds one, `awl plugin marketplace list` shows those there are.");
  }
  AWL_CO_TRY(const json::Value written, json::parse(extra->second.first));
  AWL_CO_TRY(MarketplaceSource source, extensions::read_marketplace_source(written, extra->second.second));
  auto added = co_await add_marketplace(place, std::move(source));
  AWL_CO_TRY(Marketplace market, std::move(added));
  if (market.name != name) {
    co_return fail(
        ErrorKind::kInvalidInput,
        fmt::format("the settings call the marketplace {}, it calls itself {}", name, market.name));
  }
  co_return market;
}

Task<Result<InstalledPlugin>> install_plugin(PluginPlace place, std::string id, std::string scope) {
  auto [name, market_name] = extensions::split_plugin_id(id);
  if (market_name.empty()) {
    AWL_CO_TRY(market_name, find_marketplace_of(place, name));
  }
  auto opened = co_await open_marketplace(place, market_name);
  AWL_CO_TRY(const Marketplace market, std::move(opened));
  const extensions::MarketplaceEntry* entry = market.find(name);
  if (entry == nullptr)
    co_return fail(ErrorKind::kNotFound,
                   fmt::format("the marketplace {} has no plugin {}", market_name, name));
  auto fetched = co_await extensions::fetch_plugin(market, *entry, place.store.cache(),
                                                   git_options(place.setup.environment),
                                                   make_archive_download(place.setup));
  AWL_CO_TRY(const extensions::PluginFiles files, std::move(fetched));
  // What cannot be loaded is not installed.
  if (const auto loaded = extensions::load_plugin(files.path); !loaded)
    co_return std::unexpected(loaded.error());
  const std::string now = format_iso8601(system_clock_now());
  InstalledPlugin plugin{.id = fmt::format("{}@{}", name, market_name),
                         .scope = scope,
                         .project = scope == "user" ? os::Path() : place.setup.locations.project_dir,
                         .path = files.path,
                         .version = files.version,
                         .commit = files.commit,
                         .installed_at = now,
                         .last_updated = now};
  AWL_CO_CHECK(place.store.put_plugin(plugin));
  co_return plugin;
}

Result<InstalledPlugin> find_installed(PluginPlace place, const std::string& id, const std::string& scope) {
  const auto [name, market] = extensions::split_plugin_id(id);
  std::vector<InstalledPlugin> found;
  for (InstalledPlugin& plugin : place.store.plugins()) {
    const bool is_meant =
        market.empty() ? extensions::split_plugin_id(plugin.id).first == name : plugin.id == id;
    const bool is_here = plugin.project.empty() || plugin.project == place.setup.locations.project_dir;
    if (is_meant && is_here && (scope.empty() || plugin.scope == scope)) found.push_back(std::move(plugin));
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return fail(
        ErrorKind::kNotFound,
        fmt::format("no plugin {} is installed{}", id, scope.empty() ? " here" : " in the scope " + scope),
        "`awl plugin list` shows those that are.");
  }
  return fail(ErrorKind::kInvalidInput, fmt::format("{} is installed several times", id),
              "Name it with its marketplace, and the --scope.");
}

Result<> switch_plugin(const config::Locations& locations, const std::string& id, const std::string& scope,
                       std::optional<bool> on) {
  AWL_TRY(const os::Path file, settings_file(locations, scope));
  if (!on && !os::path_exists(file)) return {};
  // Names hold dots, which set_setting() would take apart.
  const std::vector<std::string> path{"enabledPlugins", id};
  AWL_CHECK(config::update_file(file, [&](std::string_view before) {
    return on ? config::set_json_text(before, path, *on ? "true" : "false")
              : config::remove_json_text(before, path);
  }));
  return scope == "local" ? hide_local_settings(locations) : Result<>();
}

}  // namespace awl::cli
