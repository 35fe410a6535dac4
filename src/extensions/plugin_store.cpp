#include "extensions/plugin_store.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "config/shared_file.h"
#include "json/json.h"

namespace awl::extensions {

namespace {

constexpr int kPluginsVersion = 2;

json::Value read_object(const os::Path& file) {
  const auto text = os::read_file(file);
  const auto root = text ? json::parse(*text) : Result<json::Value>(json::Value::object());
  return root && root->is_object() ? *root : json::Value::object();
}

Result<> update(const os::Path& file, const std::function<void(json::Value&)>& change) {
  AWL_CHECK(os::make_directories(file.parent_path(), 0700));
  return config::update_file(file, [&](std::string_view before) -> Result<std::string> {
    const auto parsed = before.empty() ? Result<json::Value>(json::Value::object()) : json::parse(before);
    if (!parsed || !parsed->is_object()) {
      return fail(ErrorKind::kParse, file.string() + " is no JSON object",
                  "Mend it or move it away; it was not changed.");
    }
    json::Value root = *parsed;
    change(root);
    return json::dump_pretty(root);
  });
}

InstalledPlugin read_plugin(const std::string& id, const json::Value& written) {
  return {.id = id,
          .scope = json::string_or_empty(written, "scope"),
          .project = json::string_or_empty(written, "projectPath"),
          .path = json::string_or_empty(written, "installPath"),
          .version = json::string_or_empty(written, "version"),
          .commit = json::string_or_empty(written, "gitCommitSha"),
          .installed_at = json::string_or_empty(written, "installedAt"),
          .last_updated = json::string_or_empty(written, "lastUpdated")};
}

json::Value to_json(const InstalledPlugin& plugin) {
  json::Value written{{"scope", plugin.scope},
                      {"installPath", plugin.path.string()},
                      {"version", plugin.version},
                      {"installedAt", plugin.installed_at},
                      {"lastUpdated", plugin.last_updated}};
  if (!plugin.project.empty()) written["projectPath"] = plugin.project.string();
  if (!plugin.commit.empty()) written["gitCommitSha"] = plugin.commit;
  return written;
}

bool is_same(const json::Value& written, const InstalledPlugin& plugin) {
  return json::string_or_empty(written, "scope") == plugin.scope &&
         json::string_or_empty(written, "projectPath") == plugin.project.string();
}

}  // namespace

std::pair<std::string, std::string> split_plugin_id(std::string_view id) {
  const size_t at = id.rfind('@');
  if (at == std::string_view::npos) return {std::string(id), ""};
  return {std::string(id.substr(0, at)), std::string(id.substr(at + 1))};
}

std::map<std::string, KnownMarketplace> PluginStore::marketplaces() const {
  std::map<std::string, KnownMarketplace> found;
  const json::Value root = read_object(folder_ / "known_marketplaces.json");
  for (const auto& [name, written] : root.items()) {
    const json::Value* source = json::find(written, "source");
    if (source == nullptr) continue;
    auto parsed = read_marketplace_source(*source, folder_);
    if (!parsed) continue;
    found[name] = {std::move(*parsed), json::string_or_empty(written, "installLocation"),
                   json::string_or_empty(written, "lastUpdated")};
  }
  return found;
}

Result<> PluginStore::put_marketplace(const std::string& name, const KnownMarketplace& market) {
  return update(folder_ / "known_marketplaces.json", [&](json::Value& root) {
    json::Value& written = root[name];
    if (!written.is_object()) written = json::Value::object();
    written["source"] = extensions::to_json(market.source);
    written["installLocation"] = market.location.string();
    written["lastUpdated"] = market.last_updated;
  });
}

Result<> PluginStore::remove_marketplace(const std::string& name) {
  return update(folder_ / "known_marketplaces.json", [&](json::Value& root) { root.erase(name); });
}

std::vector<InstalledPlugin> PluginStore::plugins() const {
  std::vector<InstalledPlugin> found;
  const json::Value root = read_object(folder_ / "installed_plugins.json");
  const json::Value* plugins = json::find(root, "plugins");
  if (plugins == nullptr || !plugins->is_object()) return found;
  for (const auto& [id, copies] : plugins->items()) {
    if (!copies.is_array()) continue;
    for (const json::Value& written : copies) found.push_back(read_plugin(id, written));
  }
  return found;
}

Result<> PluginStore::put_plugin(const InstalledPlugin& plugin) {
  return update(folder_ / "installed_plugins.json", [&](json::Value& root) {
    root["version"] = kPluginsVersion;
    json::Value& copies = root["plugins"][plugin.id];
    if (!copies.is_array()) copies = json::Value::array();
    const auto same = std::ranges::find_if(copies, [&](const json::Value& w) { return is_same(w, plugin); });
    if (same == copies.end()) {
      copies.push_back(to_json(plugin));
    } else {
      *same = to_json(plugin);
    }
  });
}

Result<> PluginStore::remove_plugin(const InstalledPlugin& plugin) {
  return update(folder_ / "installed_plugins.json", [&](json::Value& root) {
    json::Value& plugins = root["plugins"];
    if (!plugins.is_object() || !plugins.contains(plugin.id)) return;
    json::Value kept = json::Value::array();
    for (const json::Value& written : plugins[plugin.id]) {
      if (!is_same(written, plugin)) kept.push_back(written);
    }
    if (kept.empty()) {
      plugins.erase(plugin.id);
    } else {
      plugins[plugin.id] = std::move(kept);
    }
  });
}

os::Path PluginStore::data_of(const std::string& id) const {
  std::string name = id;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_') c = '-';
  }
  return folder_ / "data" / name;
}

}  // namespace awl::extensions
