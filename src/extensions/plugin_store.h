// The plugins and marketplaces that a person has: ~/.claude/plugins.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "extensions/marketplace_source.h"

namespace awl::extensions {

struct KnownMarketplace {
  MarketplaceSource source;
  os::Path location;  ///< where its catalogue is
  std::string last_updated;
};

struct InstalledPlugin {
  std::string id;     ///< plugin@marketplace
  std::string scope;  ///< user, project or local
  os::Path project;   ///< of the scopes project and local
  os::Path path;      ///< its files
  std::string version;
  std::string commit;
  std::string installed_at;
  std::string last_updated;
};

/// "formatter@acme" taken apart; without a marketplace the second part is empty.
std::pair<std::string, std::string> split_plugin_id(std::string_view id);

/// known_marketplaces.json and installed_plugins.json. What of them cannot be read is not there; what is not
/// understood stays as it is.
class PluginStore {
 public:
  explicit PluginStore(os::Path folder) : folder_(std::move(folder)) {}

  std::map<std::string, KnownMarketplace> marketplaces() const;
  Result<> put_marketplace(const std::string& name, const KnownMarketplace& market);
  Result<> remove_marketplace(const std::string& name);

  std::vector<InstalledPlugin> plugins() const;
  /// In the place of one of the same id, scope and project.
  Result<> put_plugin(const InstalledPlugin& plugin);
  Result<> remove_plugin(const InstalledPlugin& plugin);

  /// Where clones of marketplaces, copies of plugins, and what a plugin keeps are.
  os::Path clone_of(const std::string& marketplace) const { return folder_ / "marketplaces" / marketplace; }
  os::Path cache() const { return folder_ / "cache"; }
  os::Path data_of(const std::string& id) const;

 private:
  os::Path folder_;
};

}  // namespace awl::extensions
