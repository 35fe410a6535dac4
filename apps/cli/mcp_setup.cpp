#include "cli/mcp_setup.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "os/path.h"

namespace awl::cli {

namespace {

// An empty object when there is no such file, or when it cannot be used.
json::Value read_json(const os::Path& file, std::vector<std::string>& problems) {
  const auto text = os::read_file(file);
  if (!text) {
    if (text.error().kind != ErrorKind::kNotFound) problems.push_back(describe(text.error()));
    return json::Value::object();
  }
  auto root = json::parse(*text);
  if (root) return std::move(*root);
  problems.push_back(
      fmt::format("{}: {}; its MCP servers are not used", file.string(), root.error().message));
  return json::Value::object();
}

class EntryReader {
 public:
  explicit EntryReader(std::vector<std::string>& problems) : problems_(problems) {}

  void add(const json::Value& servers, const std::string& scope, const std::string& place) {
    if (!servers.is_object()) {
      problems_.push_back(fmt::format("{}: mcpServers must be an object; it is ignored", place));
      return;
    }
    for (const auto& [name, written] : servers.items()) {
      if (std::ranges::find(entries, name, &McpEntry::name) == entries.end())
        entries.push_back({name, scope, place, written});
    }
  }

  // `path` leads to the object of servers.
  void add_at(const json::Value& root, const std::vector<std::string>& path, const std::string& scope,
              const os::Path& file) {
    const json::Value* value = &root;
    for (const std::string& key : path) value = value == nullptr ? nullptr : json::find(*value, key);
    if (value != nullptr) add(*value, scope, file.string());
  }

  void add_file(const os::Path& file, const std::string& scope) {
    add_at(read_json(file, problems_), {"mcpServers"}, scope, file);
  }

  std::vector<McpEntry> entries;

 private:
  std::vector<std::string>& problems_;
};

// A value of --mcp-config: JSON text, or a file.
Result<> add_flag(const std::string& value, const config::Locations& locations, EntryReader& reader) {
  std::string text = value;
  std::string place = "--mcp-config";
  if (!trim(value).starts_with('{')) {
    const os::Path file = os::absolute_path(value, locations.project_dir, locations.home);
    auto contents = os::read_file(file);
    if (!contents)
      return fail(contents.error().kind, fmt::format("--mcp-config: {}", contents.error().message));
    text = std::move(*contents);
    place = file.string();
  }
  const auto root = json::parse(text);
  if (!root)
    return fail(ErrorKind::kInvalidInput, fmt::format("--mcp-config: {}: {}", place, root.error().message));
  const json::Value* servers = json::find(*root, "mcpServers");
  if (servers == nullptr || !servers->is_object())
    return fail(ErrorKind::kInvalidInput,
                fmt::format("--mcp-config: {} holds no object named mcpServers", place));
  reader.add(*servers, "flag", place);
  return {};
}

bool lists(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

using Patterns = std::vector<config::McpServerPattern>;

bool fits(const config::McpServerPattern& pattern, const mcp::ServerConfig& server) {
  if (!pattern.name.empty()) return pattern.name == server.name;
  if (!pattern.url.empty()) return !server.url.empty() && matches_wildcards(pattern.url, server.url);
  std::vector<std::string> command{server.command};
  command.insert(command.end(), server.args.begin(), server.args.end());
  return server.kind == mcp::ServerConfig::Kind::kStdio && pattern.command == command;
}

// Denied beats allowed. Where commands or URLs are listed, a name alone lets no server of that kind in.
bool is_permitted(const config::Settings& settings, const mcp::ServerConfig& server) {
  const auto fits_server = [&server](const config::McpServerPattern& pattern) {
    return fits(pattern, server);
  };
  if (std::ranges::any_of(settings.denied_mcp_servers, fits_server)) return false;
  if (!settings.allowed_mcp_servers || server.kind == mcp::ServerConfig::Kind::kHosted) return true;
  const Patterns& allowed = *settings.allowed_mcp_servers;
  const bool stdio = server.kind == mcp::ServerConfig::Kind::kStdio;
  const bool by_name = std::ranges::none_of(allowed, [stdio](const config::McpServerPattern& pattern) {
    return stdio ? !pattern.command.empty() : !pattern.url.empty();
  });
  return std::ranges::any_of(allowed, [&](const config::McpServerPattern& pattern) {
    return fits(pattern, server) && (by_name || pattern.name.empty());
  });
}

// Servers that the person switched off here.
std::vector<std::string> switched_off(const config::Locations& locations) {
  std::vector<std::string> problems;  // told when the servers were looked for
  const json::Value global = read_json(locations.global_file, problems);
  const json::Value* projects = json::find(global, "projects");
  const json::Value* project =
      projects == nullptr ? nullptr : json::find(*projects, locations.project_dir.string());
  return project == nullptr ? std::vector<std::string>() : json::strings_of(*project, "disabledMcpServers");
}

}  // namespace

Result<std::vector<McpEntry>> find_mcp_servers(const config::Locations& locations, const Arguments& arguments,
                                               std::vector<std::string>& problems) {
  EntryReader reader(problems);
  const os::Path managed = locations.managed_dir / "managed-mcp.json";
  if (os::path_exists(managed)) {
    reader.add_file(managed, "managed");
    return reader.entries;
  }
  for (const std::string& value : arguments.mcp_configs) AWL_CHECK(add_flag(value, locations, reader));
  if (arguments.strict_mcp) return reader.entries;
  const json::Value global = read_json(locations.global_file, problems);
  reader.add_at(global, {"projects", locations.project_dir.string(), "mcpServers"}, "local",
                locations.global_file);
  reader.add_file(locations.project_dir / ".mcp.json", "project");
  reader.add_at(global, {"mcpServers"}, "user", locations.global_file);
  return reader.entries;
}

Result<bool> sideloads_servers(const config::Locations& locations, const Arguments& arguments) {
  std::vector<std::string> problems;
  EntryReader reader(problems);
  for (const std::string& value : arguments.mcp_configs) AWL_CHECK(add_flag(value, locations, reader));
  return std::ranges::any_of(reader.entries, [](const McpEntry& entry) {
    return !entry.written.is_object() || json::string_or_empty(entry.written, "type") != "sdk";
  });
}

Result<std::vector<mcp::ServerConfig>> make_mcp_servers(const Setup& setup, const Arguments& arguments,
                                                        std::vector<std::string>& problems) {
  AWL_TRY(const std::vector<McpEntry> entries, find_mcp_servers(setup.locations, arguments, problems));
  const config::Settings& settings = setup.settings;
  if (entries.empty()) return std::vector<mcp::ServerConfig>();
  const std::vector<std::string> off = switched_off(setup.locations);
  const bool plain =
      setup.environment.is_on("CLAUDE_CODE_SIMPLE") || setup.environment.is_on("CLAUDE_CODE_SAFE_MODE");
  std::vector<mcp::ServerConfig> servers;
  for (const McpEntry& entry : entries) {
    const bool of_project = entry.scope == "project";
    if (plain && entry.scope != "flag" && entry.scope != "managed") continue;
    if (lists(off, entry.name)) continue;
    if (settings.plugin_only.mcp && entry.scope != "flag" && entry.scope != "managed") {
      problems.push_back(
          fmt::format("{}: the managed settings let MCP servers come from plugins alone; {} is not started",
                      entry.place, entry.name));
      continue;
    }
    if (of_project && lists(settings.disabled_mcpjson_servers, entry.name)) continue;
    if (of_project && !setup.trusted && setup.environment.is_on("AWL_REQUIRE_TRUST")) {
      problems.push_back(fmt::format("{}: the MCP server {} is held back, because the folder is not trusted",
                                     entry.place, entry.name));
      continue;
    }
    auto server = mcp::parse_server(entry.name, entry.written, setup.environment);
    if (!server) {
      problems.push_back(fmt::format("{}: {}; it is not started", entry.place, server.error().message));
      continue;
    }
    if (!is_permitted(settings, *server)) {
      problems.push_back(fmt::format("{}: the settings do not allow the MCP server {}; it is not started",
                                     entry.place, entry.name));
      continue;
    }
    // Those of the program that drives a session are told by it.
    if (server->kind == mcp::ServerConfig::Kind::kHosted && !arguments.stream_input) continue;
    server->scope = entry.scope;
    for (const std::string& warning : server->warnings) problems.push_back(warning);
    servers.push_back(std::move(*server));
  }
  return servers;
}

}  // namespace awl::cli
