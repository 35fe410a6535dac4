// The plugins that a person installed.
#pragma once

#include <memory>
#include <vector>

#include "cli/session_setup.h"
#include "extensions/plugin.h"
#include "extensions/plugin_install.h"
#include "extensions/plugin_store.h"

namespace awl::cli {

/// ~/.claude/plugins, or CLAUDE_CODE_PLUGIN_CACHE_DIR.
extensions::PluginStore open_plugin_store(const Environment& environment, const config::Locations& locations);

/// What the managed settings say about marketplaces.
extensions::MarketplacePolicy marketplace_policy(const config::Settings& settings);

/// With CLAUDE_CODE_PLUGIN_GIT_TIMEOUT_MS.
extensions::GitOptions git_options(const Environment& environment);

/// The plugins of --plugin-dir and --plugin-url.
struct SessionPlugins {
  std::vector<extensions::Plugin> plugins;
  std::shared_ptr<void> unpacked;  ///< what came in zip files, which goes with it
};

/// A URL that cannot be used gets a sentence in `problems`. Errors: those of --plugin-dir.
Result<SessionPlugins> load_session_plugins(const Setup& setup, const Arguments& arguments,
                                            std::vector<std::string>& problems);

/// For plugins of marketplaces. `setup` outlives it.
extensions::DownloadArchive make_archive_download(const Setup& setup);

/// Those that enabledPlugins switches on. What cannot be loaded gets a sentence in `problems`.
std::vector<extensions::Plugin> load_installed_plugins(const Setup& setup,
                                                       std::vector<std::string>& problems);

}  // namespace awl::cli
