#include "extensions/plugin.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "extensions/front_matter_fields.h"
#include "os/path.h"

namespace awl::extensions {

namespace {

constexpr uint64_t kMaxManifestBytes = 1 << 20;

Result<json::Value> read_object(const os::Path& file) {
  auto text = os::read_file(file, kMaxManifestBytes);
  if (!text) return std::unexpected(text.error());
  auto parsed = json::parse(*text);
  if (!parsed) return fail(ErrorKind::kParse, fmt::format("{}: {}", file.string(), parsed.error().message));
  if (!parsed->is_object())
    return fail(ErrorKind::kParse, fmt::format("{}: it must hold a JSON object", file.string()));
  return std::move(*parsed);
}

// "./more" of a manifest: below the plugin, and nowhere else.
Result<os::Path> path_of_plugin(const os::Path& root, const std::string& written) {
  const os::Path path = os::resolve_links(root / written);
  const os::Path relative = path.lexically_relative(os::resolve_links(root));
  if (relative.empty() || *relative.begin() == "..")
    return fail(ErrorKind::kInvalidInput, fmt::format("the path {} leads out of the plugin", written));
  return root / os::Path(written).lexically_normal();
}

// The usual folder, and those that the manifest names under `key`.
Result<std::vector<os::Path>> folders(const os::Path& root, const json::Value& manifest,
                                      const std::string& key, const std::string& usual) {
  std::vector<os::Path> found{root / usual};
  for (const std::string& written : rule_list(manifest, key)) {
    AWL_TRY(os::Path path, path_of_plugin(root, written));
    found.push_back(std::move(path));
  }
  return found;
}

// An object in the manifest, or a file of it; without either the usual file.
Result<json::Value> object_or_file(const os::Path& root, const json::Value& manifest, const std::string& key,
                                   const std::string& usual) {
  const json::Value* written = json::find(manifest, key);
  if (written != nullptr && written->is_object()) return *written;
  os::Path file = root / usual;
  if (written != nullptr && written->is_string()) {
    AWL_TRY(file, path_of_plugin(root, written->get<std::string>()));
  } else if (!os::path_exists(file)) {
    return json::Value();
  }
  return read_object(file);
}

}  // namespace

Result<Plugin> load_plugin(const os::Path& root) {
  if (!os::is_folder(root))
    return fail(ErrorKind::kNotFound, fmt::format("the plugin {} is no folder", root.string()));
  const os::Path manifest_file = root / ".claude-plugin" / "plugin.json";
  json::Value manifest = json::Value::object();
  if (os::path_exists(manifest_file)) {
    AWL_TRY(manifest, read_object(manifest_file));
  }
  Plugin plugin;
  plugin.root = root;
  plugin.name = text_field(manifest, "name");
  if (plugin.name.empty()) plugin.name = root.filename().string();
  AWL_TRY(plugin.skills, folders(root, manifest, "skills", "skills"));
  AWL_TRY(plugin.commands, folders(root, manifest, "commands", "commands"));
  AWL_TRY(plugin.agents, folders(root, manifest, "agents", "agents"));
  AWL_TRY(plugin.styles, folders(root, manifest, "outputStyles", "output-styles"));
  AWL_TRY(json::Value hooks, object_or_file(root, manifest, "hooks", "hooks/hooks.json"));
  const json::Value* inner = json::find(hooks, "hooks");
  plugin.hooks = inner == nullptr ? hooks : *inner;
  AWL_TRY(json::Value servers, object_or_file(root, manifest, "mcpServers", ".mcp.json"));
  const json::Value* listed = json::find(servers, "mcpServers");
  plugin.mcp_servers = listed == nullptr ? servers : *listed;
  return plugin;
}

}  // namespace awl::extensions
