// `awl plugin install`, `uninstall`, `enable`, `disable`, `update`, `list`, `validate` and `marketplace`.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/columns.h"
#include "base/strings.h"
#include "cli/commands.h"
#include "cli/config_change.h"
#include "cli/messages.h"
#include "cli/plugin_changes.h"
#include "cli/run_to_end.h"
#include "extensions/marketplace.h"
#include "os/path.h"
#include "os/process.h"

namespace awl::cli {

namespace {

using extensions::InstalledPlugin;

constexpr size_t kMaxShown = 400;

template <typename T>
T run(Task<T> work) {
  boost::asio::io_context io(1);
  return run_to_end(io, std::move(work));
}

Result<std::string> one_word(const Arguments& arguments, std::string_view what) {
  if (arguments.words.size() == 1) return arguments.words[0];
  return fail(ErrorKind::kInvalidInput, fmt::format("it takes one word: {}", what));
}

// What a plugin brings, for people.
std::string describe_parts(const extensions::Plugin& plugin) {
  std::vector<std::string> parts;
  const auto add = [&parts](const std::vector<os::Path>& folders, std::string_view what) {
    if (std::ranges::any_of(folders, os::path_exists)) parts.emplace_back(what);
  };
  add(plugin.skills, "skills");
  add(plugin.commands, "commands");
  add(plugin.agents, "agents");
  add(plugin.styles, "output styles");
  if (!plugin.hooks.is_null()) parts.emplace_back("hooks, which run by themselves");
  if (plugin.mcp_servers.is_object())
    parts.push_back(fmt::format("{} MCP server{}, started with each session", plugin.mcp_servers.size(),
                                plugin.mcp_servers.size() == 1 ? "" : "s"));
  return parts.empty() ? "nothing that is known" : join(parts, ", ");
}

Result<std::string> install(PluginPlace place, const Arguments& arguments) {
  AWL_TRY(const std::string id, one_word(arguments, "plugin@marketplace"));
  const std::string scope = arguments.scope.empty() ? "user" : arguments.scope;
  AWL_CHECK(settings_file(place.setup.locations, scope));
  AWL_TRY(const InstalledPlugin plugin, run(install_plugin(place, id, scope)));
  AWL_CHECK(switch_plugin(place.setup.locations, plugin.id, scope, true));
  AWL_TRY(const extensions::Plugin loaded, extensions::load_plugin(plugin.path));
  return fmt::format("{} {} is installed for the scope {}. It brings {}.\n", plugin.id, plugin.version, scope,
                     describe_parts(loaded));
}

Result<std::string> uninstall(PluginPlace place, const Arguments& arguments) {
  AWL_TRY(const std::string id, one_word(arguments, "a plugin"));
  AWL_TRY(const InstalledPlugin plugin, find_installed(place, id, arguments.scope));
  AWL_CHECK(place.store.remove_plugin(plugin));
  AWL_CHECK(switch_plugin(place.setup.locations, plugin.id, plugin.scope, std::nullopt));
  const auto left = place.store.plugins();
  const auto uses_files = [&](const InstalledPlugin& other) { return other.path == plugin.path; };
  std::error_code error;
  if (std::ranges::none_of(left, uses_files)) std::filesystem::remove_all(plugin.path, error);
  const bool last =
      std::ranges::none_of(left, [&](const InstalledPlugin& other) { return other.id == plugin.id; });
  if (last && !arguments.keep_data) std::filesystem::remove_all(place.store.data_of(plugin.id), error);
  return fmt::format("{} is not installed for the scope {} any more.\n", plugin.id, plugin.scope);
}

Result<std::string> turn(PluginPlace place, const Arguments& arguments, bool on) {
  AWL_TRY(const std::string id, one_word(arguments, "a plugin"));
  AWL_TRY(const InstalledPlugin plugin, find_installed(place, id, ""));
  const std::string scope = arguments.scope.empty() ? plugin.scope : arguments.scope;
  AWL_CHECK(switch_plugin(place.setup.locations, plugin.id, scope, on));
  return fmt::format("{} is {} in the scope {}.\n", plugin.id, on ? "on" : "off", scope);
}

Result<std::string> update(PluginPlace place, const Arguments& arguments) {
  AWL_TRY(const std::string id, one_word(arguments, "a plugin"));
  AWL_TRY(const InstalledPlugin before, find_installed(place, id, arguments.scope));
  const auto known = place.store.marketplaces();
  if (const auto market = known.find(extensions::split_plugin_id(before.id).second); market != known.end())
    AWL_CHECK(run(add_marketplace(place, market->second.source)));
  AWL_TRY(const InstalledPlugin after, run(install_plugin(place, before.id, before.scope)));
  if (after.version == before.version)
    return fmt::format("{} is up to date: {}.\n", before.id, before.version);
  return fmt::format("{}: {} is now {}.\n", before.id, before.version, after.version);
}

bool is_on(const Setup& setup, const std::string& id) {
  const auto found = setup.settings.enabled_plugins.find(id);
  return found != setup.settings.enabled_plugins.end() && found->second;
}

std::string list(PluginPlace place, bool as_json) {
  json::Value all = json::Value::array();
  std::string text;
  for (const InstalledPlugin& plugin : place.store.plugins()) {
    const bool on = is_on(place.setup, plugin.id);
    json::Value entry{{"id", plugin.id},
                      {"version", plugin.version},
                      {"scope", plugin.scope},
                      {"enabled", on},
                      {"installPath", plugin.path.string()},
                      {"installedAt", plugin.installed_at},
                      {"lastUpdated", plugin.last_updated}};
    if (!plugin.project.empty()) entry["projectPath"] = plugin.project.string();
    all.push_back(std::move(entry));
    text += fmt::format("{} {}  {}, {}{}\n", plugin.id, plugin.version, plugin.scope, on ? "on" : "off",
                        plugin.project.empty() ? "" : ", " + plugin.project.string());
  }
  if (as_json) return json::dump_pretty(all);
  return text.empty() ? "No plugins are installed.\n" : text;
}

Result<std::string> validate(PluginPlace place, const Arguments& arguments) {
  AWL_TRY(const std::string word, one_word(arguments, "the folder of a plugin or marketplace"));
  const os::Path path =
      os::absolute_path(word, place.setup.locations.project_dir, place.setup.locations.home);
  if (os::path_exists(path / ".claude-plugin" / "marketplace.json") ||
      path.filename() == "marketplace.json") {
    AWL_TRY(const extensions::Marketplace market, extensions::load_marketplace(path));
    for (const extensions::MarketplaceEntry& entry : market.plugins) {
      const json::Value* source = json::find(entry.written, "source");
      if (!source->is_string()) continue;
      const auto loaded = extensions::load_plugin(market.root / source->get<std::string>());
      if (!loaded)
        return fail(loaded.error().kind, fmt::format("{}: {}", entry.name, loaded.error().message));
    }
    return fmt::format("The marketplace {} with {} plugin{} can be used.\n", market.name,
                       market.plugins.size(), market.plugins.size() == 1 ? "" : "s");
  }
  AWL_TRY(const extensions::Plugin plugin, extensions::load_plugin(path));
  if (!extensions::is_plugin_name(plugin.name))
    return fail(ErrorKind::kInvalidInput,
                fmt::format("\"{}\" is no name of a plugin: letters, digits and -", plugin.name));
  return fmt::format("The plugin {} can be used. It brings {}.\n", plugin.name, describe_parts(plugin));
}

std::string list_marketplaces(PluginPlace place, bool as_json) {
  json::Value all = json::Value::array();
  std::string text;
  const auto known = place.store.marketplaces();
  for (const auto& [name, market] : known) {
    all.push_back(
        {{"name", name}, {"source", to_json(market.source)}, {"installLocation", market.location.string()}});
    const auto catalogue = extensions::load_marketplace(market.location);
    text += fmt::format("{}  {}\n", name, to_string(market.source));
    if (!catalogue) text += fmt::format("  {}\n", describe(catalogue.error()));
    for (const auto& entry : catalogue ? catalogue->plugins : std::vector<extensions::MarketplaceEntry>{})
      text += fmt::format("  {}{}\n", entry.name,
                          entry.description.empty() ? "" : ": " + printable(entry.description, kMaxShown));
  }
  for (const auto& [name, source] : place.setup.settings.extra_marketplaces) {
    if (!known.contains(name))
      text += fmt::format("{}  announced by the settings; it is fetched when a plugin of it is installed\n",
                          name);
  }
  if (as_json) return json::dump_pretty(all);
  return text.empty() ? "No marketplaces are known. `awl plugin marketplace add` adds one.\n" : text;
}

Result<std::string> update_marketplaces(PluginPlace place, const std::string& wanted) {
  std::string text;
  for (const auto& [name, market] : place.store.marketplaces()) {
    if (!wanted.empty() && wanted != name) continue;
    AWL_TRY(const extensions::Marketplace fresh, run(add_marketplace(place, market.source)));
    text += fmt::format("{} is up to date: {} plugins.\n", fresh.name, fresh.plugins.size());
  }
  if (text.empty() && !wanted.empty())
    return fail(ErrorKind::kNotFound, fmt::format("there is no marketplace {}", wanted));
  return text;
}

Result<std::string> remove_marketplace(PluginPlace place, const std::string& name) {
  const auto known = place.store.marketplaces();
  const auto found = known.find(name);
  if (found == known.end())
    return fail(ErrorKind::kNotFound, fmt::format("there is no marketplace {}", name));
  AWL_CHECK(place.store.remove_marketplace(name));
  std::error_code error;
  if (!found->second.source.clone_url().empty())
    std::filesystem::remove_all(place.store.clone_of(name), error);
  return fmt::format("{} is not known any more. Plugins that were installed from it stay.\n", name);
}

Result<std::string> change_marketplaces(PluginPlace place, const Arguments& arguments) {
  const std::string action = arguments.words.empty() ? "" : arguments.words[0];
  const std::string word = arguments.words.size() > 1 ? arguments.words[1] : "";
  if (action == "add" && !word.empty()) {
    AWL_TRY(
        extensions::MarketplaceSource source,
        extensions::parse_marketplace(word, place.setup.locations.project_dir, place.setup.locations.home));
    AWL_TRY(const extensions::Marketplace market, run(add_marketplace(place, std::move(source))));
    return fmt::format(
        "The marketplace {} is known from now on, with {} plugin{}. Install from it what you trust: a plugin "
        "runs as you.\n",
        market.name, market.plugins.size(), market.plugins.size() == 1 ? "" : "s");
  }
  if (action == "list") return list_marketplaces(place, arguments.as_json);
  if (action == "update") return update_marketplaces(place, word);
  if ((action == "remove" || action == "rm") && !word.empty()) return remove_marketplace(place, word);
  return fail(ErrorKind::kInvalidInput,
              "awl plugin marketplace takes: add SOURCE, list, update [NAME] or remove NAME");
}

Result<std::string> answer(PluginPlace place, const Arguments& arguments) {
  switch (arguments.command) {
    case Command::kPluginInstall:
      return install(place, arguments);
    case Command::kPluginUninstall:
      return uninstall(place, arguments);
    case Command::kPluginEnable:
      return turn(place, arguments, true);
    case Command::kPluginDisable:
      return turn(place, arguments, false);
    case Command::kPluginUpdate:
      return update(place, arguments);
    case Command::kPluginValidate:
      return validate(place, arguments);
    case Command::kPluginMarketplace:
      return change_marketplaces(place, arguments);
    default:
      return list(place, arguments.as_json);
  }
}

}  // namespace

int run_plugin(const Arguments& arguments, const Environment& shell, const os::Path& cwd) {
  const auto setup = make_setup(arguments, shell, cwd);
  if (!setup) return complain(setup.error());
  os::adopt_orphans();
  extensions::PluginStore store = open_plugin_store(setup->environment, setup->locations);
  const auto text = answer({*setup, store}, arguments);
  return text ? print_text(*text) : complain(text.error());
}

}  // namespace awl::cli
