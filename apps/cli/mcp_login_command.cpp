// `awl mcp login` and `logout`.
#include <fmt/format.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/strings.h"
#include "cli/commands.h"
#include "cli/mcp_setup.h"
#include "cli/messages.h"
#include "cli/model_secrets.h"
#include "cli/network_setup.h"
#include "cli/run_to_end.h"
#include "cli/state_files.h"
#include "mcp/oauth_login.h"
#include "os/path.h"
#include "os/process.h"

namespace awl::cli {

namespace {

constexpr std::chrono::seconds kBrowserLimit{20};

// BROWSER, a list of commands with %s for the address, or what the desktop opens it with.
std::vector<std::string> browser_command(const Environment& environment, const std::string& url) {
  const std::string named = environment.get("BROWSER");
  const std::string first(trim(std::string_view(named).substr(0, named.find(':'))));
  if (first.empty()) return {"xdg-open", url};
  std::vector<std::string> words;
  bool has_place = false;
  for (const std::string_view word : split(first, ' ')) {
    if (word.empty()) continue;
    has_place = has_place || word.contains("%s");
    words.push_back(replace_all(std::string(word), "%s", url));
  }
  if (!has_place) words.push_back(url);
  return words;
}

Task<> open_browser(Environment environment, os::Path folder, std::string url) {
  tell(fmt::format("Sign in at this address; a browser opens it if there is one:\n\n{}\n", url));
  unset_model_secrets(environment);
  os::ProcessOptions options{.argv = browser_command(environment, url),
                             .environment = environment.to_entries(),
                             .working_directory = folder};
  const os::OrphansGoFree stays;
  // Without a browser the address is enough.
  static_cast<void>(co_await os::run_command(std::move(options), "", kBrowserLimit));
}

Result<mcp::ServerConfig> find_server(const Arguments& arguments, const Environment& shell,
                                      const config::Locations& locations) {
  if (arguments.words.size() != 1)
    return fail(ErrorKind::kInvalidInput, "it takes the name of one MCP server");
  std::vector<std::string> problems;
  AWL_TRY(const std::vector<McpEntry> entries, find_mcp_servers(locations, arguments, problems));
  for (const McpEntry& entry : entries) {
    if (entry.name != arguments.words[0]) continue;
    AWL_TRY(mcp::ServerConfig server, mcp::parse_server(entry.name, entry.written, shell));
    if (server.url.empty())
      return fail(ErrorKind::kInvalidInput,
                  fmt::format("{} is a program of this machine: it wants no login", entry.name));
    return server;
  }
  return fail(ErrorKind::kNotFound, fmt::format("there is no MCP server named {}", arguments.words[0]),
              "`awl mcp list` shows those there are.");
}

Result<> log_in(const mcp::ServerConfig& server, const mcp::LoginStore& store, const Environment& shell,
                const config::Locations& locations) {
  AWL_TRY(const NetworkSetup network, make_network_setup(shell));
  os::adopt_orphans();
  boost::asio::io_context io(1);
  const auto http = net::make_curl_client(io.get_executor(), network.http);
  mcp::LoginOptions options;
  options.server_url = server.url;
  options.oauth = server.oauth;
  if (!options.oauth.key_file.empty())
    options.oauth.key_file =
        os::absolute_path(options.oauth.key_file, locations.project_dir, locations.home).string();
  options.client_secret = shell.get("MCP_CLIENT_SECRET");
  if (const auto port = parse_integer(trim(shell.get("MCP_OAUTH_CALLBACK_PORT")));
      port && *port > 0 && *port < 65'536 && options.oauth.callback_port == 0)
    options.oauth.callback_port = static_cast<uint16_t>(*port);
  if (const auto before = store.find(server.url)) options.wanted_scope = before->wanted_scope;
  options.open_browser = [&](std::string url) { return open_browser(shell, locations.home, std::move(url)); };
  options.clock = system_clock_now;
  AWL_TRY(const mcp::Login login, run_to_end(io, mcp::log_in(*http, std::move(options))));
  return store.put(server.url, login);
}

}  // namespace

int run_mcp_login(const Arguments& arguments, const Environment& shell, const os::Path& cwd) {
  const auto locations = config::find_locations(shell, cwd);
  if (!locations) return complain(locations.error());
  const auto server = find_server(arguments, shell, *locations);
  if (!server) return complain(server.error());
  const mcp::LoginStore store(mcp_logins_file(shell, locations->home));
  if (arguments.command == Command::kMcpLogout) {
    const auto removed = store.remove(server->url);
    if (!removed) return complain(removed.error());
    return print_text(fmt::format(
        "{} {}\n", server->name,
        *removed ? "is forgotten: its tokens were removed from this machine." : "was not signed in to."));
  }
  if (const auto done = log_in(*server, store, shell, *locations); !done) return complain(done.error());
  return print_text(fmt::format("You are signed in to {}.\n", server->name));
}

}  // namespace awl::cli
