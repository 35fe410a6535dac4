#include "extensions/marketplace.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "json/json.h"

namespace awl::extensions {

namespace {

constexpr uint64_t kMaxCatalogueBytes = 8 << 20;
constexpr size_t kMaxNameBytes = 100;

std::unexpected<Error> bad(const os::Path& file, std::string_view sentence) {
  return fail(ErrorKind::kInvalidInput, fmt::format("{}: {}", file.string(), sentence));
}

}  // namespace

bool is_plugin_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameBytes && name.front() != '.' && name.front() != '-' &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                  c == '_' || c == '.';
         });
}

const MarketplaceEntry* Marketplace::find(std::string_view plugin) const {
  const auto found = std::ranges::find(plugins, plugin, &MarketplaceEntry::name);
  return found == plugins.end() ? nullptr : &*found;
}

Result<Marketplace> load_marketplace(const os::Path& folder_or_file) {
  const bool is_folder = os::is_folder(folder_or_file);
  const os::Path file = is_folder ? folder_or_file / ".claude-plugin" / "marketplace.json" : folder_or_file;
  if (!os::path_exists(file)) {
    return fail(ErrorKind::kNotFound, fmt::format("{} is not there", file.string()),
                "A marketplace is a folder with .claude-plugin/marketplace.json.");
  }
  AWL_TRY(const std::string text, os::read_file(file, kMaxCatalogueBytes));
  const auto root = json::parse(text);
  if (!root) return fail(ErrorKind::kParse, fmt::format("{}: {}", file.string(), root.error().message));
  Marketplace market;
  market.name = json::string_or_empty(*root, "name");
  market.description = json::string_or_empty(*root, "description");
  market.root = is_folder ? folder_or_file : file.parent_path();
  if (!is_folder && market.root.filename() == ".claude-plugin") market.root = market.root.parent_path();
  if (!is_plugin_name(market.name)) return bad(file, "`name` must be a name of letters, digits and -");
  const json::Value* plugins = json::find(*root, "plugins");
  if (plugins == nullptr || !plugins->is_array()) return bad(file, "`plugins` must be a list");
  const json::Value* metadata = json::find(*root, "metadata");
  const std::string plugin_root = metadata == nullptr ? "" : json::string_or_empty(*metadata, "pluginRoot");
  for (const json::Value& written : *plugins) {
    MarketplaceEntry entry{json::string_or_empty(written, "name"),
                           json::string_or_empty(written, "description"),
                           json::string_or_empty(written, "version"), written};
    if (!is_plugin_name(entry.name))
      return bad(file, fmt::format("\"{}\" is no name of a plugin: letters, digits and -", entry.name));
    const json::Value* source = json::find(written, "source");
    if (source == nullptr || !(source->is_string() || source->is_object()))
      return bad(file, fmt::format("the plugin {} has no source", entry.name));
    if (source->is_string() && !plugin_root.empty() && is_plugin_name(source->get<std::string>()))
      entry.written["source"] = fmt::format(
          "./{}", (os::Path(plugin_root) / source->get<std::string>()).lexically_normal().string());
    if (market.find(entry.name) != nullptr)
      return bad(file, fmt::format("there are two plugins {}", entry.name));
    market.plugins.push_back(std::move(entry));
  }
  return market;
}

}  // namespace awl::extensions
