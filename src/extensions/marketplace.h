// A catalogue of plugins: `.claude-plugin/marketplace.json`. Source: product documentation,
// "plugin-marketplaces".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "os/file.h"

namespace awl::extensions {

struct MarketplaceEntry {
  std::string name;
  std::string description;
  std::string version;  ///< empty: that of the plugin, or of its commit
  json::Value written;  ///< the whole entry
};

struct Marketplace {
  std::string name;
  std::string description;
  os::Path root;  ///< what relative sources are below
  std::vector<MarketplaceEntry> plugins;

  /// nullptr: there is none of that name.
  const MarketplaceEntry* find(std::string_view plugin) const;
};

/// True for names of plugins and marketplaces: letters, digits, "-", "_" and ".", no dot first.
bool is_plugin_name(std::string_view name);

/// Reads a folder's catalogue, or the file itself. Errors: kNotFound, kParse, kInvalidInput (a name that is
/// none, or reserved; an entry without name or source).
Result<Marketplace> load_marketplace(const os::Path& folder_or_file);

}  // namespace awl::extensions
