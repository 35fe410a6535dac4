// What `awl plugin` does to the plugins and marketplaces of a person.
#pragma once

#include <string>
#include <vector>

#include "async/task.h"
#include "cli/plugin_setup.h"

namespace awl::cli {

struct PluginPlace {
  const Setup& setup;
  extensions::PluginStore& store;
};

/// A marketplace by name: what is known, or what the settings announce, fetched the first time. Errors:
/// kNotFound, kPermissionDenied (the organisation), those of fetching and reading it.
Task<Result<extensions::Marketplace>> open_marketplace(PluginPlace place, std::string name);

/// Adds one, or brings one up to date. Errors: as above; kInvalidInput.
Task<Result<extensions::Marketplace>> add_marketplace(PluginPlace place,
                                                      extensions::MarketplaceSource source);

/// Installs "plugin@marketplace", or a plugin that only one known marketplace has, and gives what was
/// installed. Errors: those of open_marketplace() and fetch_plugin(); kNotFound, kInvalidInput.
Task<Result<extensions::InstalledPlugin>> install_plugin(PluginPlace place, std::string id,
                                                         std::string scope);

/// The installed plugin that a person means, of that scope when it is not empty. Errors: kNotFound.
Result<extensions::InstalledPlugin> find_installed(PluginPlace place, const std::string& id,
                                                   const std::string& scope);

/// Writes enabledPlugins; nullopt takes the plugin out. Errors: those of set_setting().
Result<> switch_plugin(const config::Locations& locations, const std::string& id, const std::string& scope,
                       std::optional<bool> on);

}  // namespace awl::cli
