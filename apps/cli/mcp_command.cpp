// `awl mcp add`, `add-json`, `list`, `get` and `remove`.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "cli/commands.h"
#include "cli/mcp_setup.h"
#include "cli/messages.h"
#include "cli/model_secrets.h"
#include "cli/network_setup.h"
#include "cli/run_to_end.h"
#include "cli/state_files.h"
#include "cli/version.h"
#include "config/global_file.h"
#include "config/json_edit.h"
#include "mcp/connections.h"
#include "os/process.h"

namespace awl::cli {

namespace {

constexpr std::chrono::seconds kCheckLimit{30};

struct Place {
  os::Path file;
  std::vector<std::string> path;  // of the object of servers
};

Result<Place> place_of(const std::string& scope, const config::Locations& locations) {
  if (scope.empty() || scope == "local")
    return Place{locations.global_file, {"projects", locations.project_dir.string(), "mcpServers"}};
  if (scope == "user") return Place{locations.global_file, {"mcpServers"}};
  if (scope == "project") return Place{locations.project_dir / ".mcp.json", {"mcpServers"}};
  return fail(ErrorKind::kInvalidInput, fmt::format("--scope {}: it is local, project or user", scope));
}

// What the words and flags of `mcp add` say.
Result<json::Value> written_server(const Arguments& arguments) {
  const std::string transport = arguments.transport.empty() ? "stdio" : arguments.transport;
  if (arguments.words.size() < 2)
    return fail(ErrorKind::kInvalidInput, "awl mcp add takes a name and a command or URL",
                "awl mcp add NAME -- COMMAND ARGS…, or awl mcp add --transport http NAME URL");
  json::Value server{{"type", transport}};
  if (transport == "http" || transport == "sse") {
    server["url"] = arguments.words[1];
    for (const std::string& header : arguments.mcp_headers) {
      const size_t colon = header.find(':');
      if (colon == std::string::npos)
        return fail(ErrorKind::kInvalidInput,
                    fmt::format("--header: {} is not of the form Name: value", header));
      server["headers"][std::string(trim(header.substr(0, colon)))] = trim(header.substr(colon + 1));
    }
    if (!arguments.client_id.empty()) server["oauth"]["clientId"] = arguments.client_id;
    if (!arguments.callback_port.empty()) {
      const auto port = parse_integer(arguments.callback_port);
      if (!port || *port < 1 || *port > 65'535)
        return fail(ErrorKind::kInvalidInput,
                    fmt::format("--callback-port: {} is no port", arguments.callback_port));
      server["oauth"]["callbackPort"] = *port;
    }
    return server;
  }
  if (transport != "stdio")
    return fail(ErrorKind::kInvalidInput, fmt::format("--transport {}: it is stdio, http or sse", transport));
  server["command"] = arguments.words[1];
  server["args"] = std::vector<std::string>(arguments.words.begin() + 2, arguments.words.end());
  server["env"] = json::Value::object();
  for (const std::string& pair : arguments.mcp_env) {
    const size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0)
      return fail(ErrorKind::kInvalidInput, fmt::format("--env: {} is not of the form NAME=value", pair));
    server["env"][pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  return server;
}

Result<> add_server(const Arguments& arguments, const config::Locations& locations) {
  json::Value server;
  if (arguments.command == Command::kMcpAddJson) {
    if (arguments.words.size() != 2)
      return fail(ErrorKind::kInvalidInput, "awl mcp add-json takes a name and JSON");
    auto parsed = json::parse(arguments.words[1]);
    if (!parsed) return fail(ErrorKind::kInvalidInput, parsed.error().message);
    server = std::move(*parsed);
  } else {
    AWL_TRY(server, written_server(arguments));
  }
  const std::string& name = arguments.words[0];
  if (mcp::tool_part(name) != name)
    return fail(ErrorKind::kInvalidInput,
                fmt::format("{} is no name for a server: letters, digits, - and _ are", name));
  AWL_CHECK(mcp::parse_server(name, server, Environment()));
  AWL_TRY(Place place, place_of(arguments.scope, locations));
  AWL_CHECK(
      config::update_shared_file(locations, place.file, [&](std::string_view before) -> Result<std::string> {
        auto path = place.path;
        path.push_back(name);
        if (config::find_json_text(before, path))
          return fail(ErrorKind::kInvalidInput,
                      fmt::format("{} has a server named {}", place.file.string(), name),
                      fmt::format("awl mcp remove {} takes it out.", name));
        return config::set_json_text(before, path, json::dump(server));
      }));
  return {};
}

Result<> remove_server(const Arguments& arguments, const config::Locations& locations) {
  if (arguments.words.size() != 1) return fail(ErrorKind::kInvalidInput, "awl mcp remove takes one name");
  const std::string& name = arguments.words[0];
  const std::vector<std::string> scopes = arguments.scope.empty()
                                              ? std::vector<std::string>{"local", "project", "user"}
                                              : std::vector<std::string>{arguments.scope};
  for (const std::string& scope : scopes) {
    AWL_TRY(Place place, place_of(scope, locations));
    place.path.push_back(name);
    const auto text = os::read_file(place.file);
    if (!text || !config::find_json_text(*text, place.path)) continue;
    AWL_CHECK(config::update_shared_file(locations, place.file, [&](std::string_view before) {
      return config::remove_json_text(before, place.path);
    }));
    tell(fmt::format("Removed {} from {}.", name, place.file.string()));
    return {};
  }
  return fail(ErrorKind::kNotFound, fmt::format("there is no MCP server named {}", name));
}

std::string describe_server(const McpEntry& entry) {
  const std::string url = json::string_or_empty(entry.written, "url");
  if (!url.empty()) return fmt::format("{} ({})", url, json::string_or_empty(entry.written, "type"));
  std::string text = json::string_or_empty(entry.written, "command");
  if (const json::Value* args = json::find(entry.written, "args"); args != nullptr && args->is_array()) {
    for (const json::Value& arg : *args)
      text += " " + (arg.is_string() ? arg.get<std::string>() : json::dump(arg));
  }
  return text;
}

Task<std::map<std::string, std::string>> states_of(mcp::Connections& connections) {
  co_await connections.wait(kCheckLimit);
  std::map<std::string, std::string> states;
  for (const auto& server : connections.servers()) {
    states[server->config.name] = server->error.empty()
                                      ? std::string(mcp::to_string(server->status))
                                      : fmt::format("{}: {}", mcp::to_string(server->status), server->error);
  }
  co_await connections.stop();
  co_return states;
}

// Connects to all of them at once; gives a state by name.
std::map<std::string, std::string> check_servers(const std::vector<McpEntry>& entries,
                                                 const Environment& shell,
                                                 const config::Locations& locations) {
  std::map<std::string, std::string> states;
  const auto network = make_network_setup(shell);
  os::adopt_orphans();
  boost::asio::io_context io(1);
  const auto http = network ? net::make_curl_client(io.get_executor(), network->http) : nullptr;
  mcp::ConnectionsOptions options;
  options.executor = io.get_executor();
  options.client = {
      .client_name = "awl", .client_version = std::string(version_line()), .roots = {locations.project_dir}};
  options.environment = shell;
  unset_model_secrets(options.environment);
  options.project_dir = locations.project_dir;
  options.http = http.get();
  options.logins = mcp_logins_file(shell, locations.home);
  mcp::Connections connections(std::move(options));
  for (const McpEntry& entry : entries) {
    auto server = mcp::parse_server(entry.name, entry.written, shell);
    if (!server) {
      states[entry.name] = "wrong: " + server.error().message;
      continue;
    }
    for (const std::string& warning : server->warnings) tell("Warning: " + warning);
    server->scope = entry.scope;
    connections.add(std::move(*server));
  }
  states.merge(run_to_end(io, states_of(connections)));
  os::kill_descendants();
  return states;
}

int show(const Arguments& arguments, const Environment& shell, const config::Locations& locations) {
  std::vector<std::string> problems;
  auto found = find_mcp_servers(locations, arguments, problems);
  for (const std::string& problem : problems) tell("Warning: " + problem);
  if (!found) return complain(found.error());
  std::vector<McpEntry> entries = std::move(*found);
  if (arguments.command == Command::kMcpGet) {
    if (arguments.words.size() != 1)
      return complain({ErrorKind::kInvalidInput, "awl mcp get takes one name", "", ""});
    std::erase_if(entries, [&](const McpEntry& entry) { return entry.name != arguments.words[0]; });
    if (entries.empty())
      return complain(
          {ErrorKind::kNotFound, fmt::format("there is no MCP server named {}", arguments.words[0]), "", ""});
  }
  if (entries.empty()) {
    tell("There is no MCP server here. `awl mcp add NAME -- COMMAND` adds one.");
    return arguments.as_json ? print_text("{}\n") : 0;
  }
  const auto states = check_servers(entries, shell, locations);
  json::Value all = json::Value::object();
  std::string text;
  for (const McpEntry& entry : entries) {
    const std::string& state = states.at(entry.name);
    all[entry.name] = {
        {"scope", entry.scope}, {"file", entry.place}, {"status", state}, {"config", entry.written}};
    text += arguments.command == Command::kMcpGet
                ? fmt::format("{}\n  {}\n  scope: {} ({})\n  status: {}\n", entry.name,
                              describe_server(entry), entry.scope, entry.place, state)
                : fmt::format("{}: {} - {}\n", entry.name, describe_server(entry), state);
  }
  return print_text(arguments.as_json ? json::dump_pretty(all) : text);
}

}  // namespace

int run_mcp(const Arguments& arguments, const Environment& shell, const os::Path& cwd) {
  const auto locations = config::find_locations(shell, cwd);
  if (!locations) return complain(locations.error());
  switch (arguments.command) {
    case Command::kMcpAdd:
    case Command::kMcpAddJson: {
      if (const auto added = add_server(arguments, *locations); !added) return complain(added.error());
      tell(fmt::format("Added {}.", arguments.words[0]));
      return 0;
    }
    case Command::kMcpRemove: {
      const auto removed = remove_server(arguments, *locations);
      return removed ? 0 : complain(removed.error());
    }
    default:
      return show(arguments, shell, *locations);
  }
}

}  // namespace awl::cli
