// `awl mcp serve`: the built-in tools, for clients of the Model Context Protocol.
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <csignal>
#include <random>

#include "agent/tool_service.h"
#include "anthropic/client.h"
#include "base/uuid.h"
#include "cli/commands.h"
#include "cli/credentials_setup.h"
#include "cli/engine_setup.h"
#include "cli/extension_setup.h"
#include "cli/messages.h"
#include "cli/network_setup.h"
#include "cli/run_to_end.h"
#include "cli/session_setup.h"
#include "cli/stdio_service.h"
#include "cli/tool_identity.h"
#include "cli/version.h"
#include "headless/byte_sink.h"
#include "mcp_server/server.h"
#include "os/process.h"
#include "os/signal_watch.h"

namespace awl::cli {

namespace {

// For the tools that ask a model. Nothing is fetched or sent before one does.
struct ModelAccess {
  ModelAccess(boost::asio::io_context& io, const Setup& setup, const NetworkSetup& network)
      : http(net::make_curl_client(io.get_executor(), network.http)),
        authenticator(make_authenticator(setup, *http)),
        client(*http, *authenticator, anthropic::choose_retry_policy(setup.environment, setup.provider),
               [engine = std::make_shared<std::minstd_rand>(std::random_device{}())] {
                 return std::uniform_real_distribution<double>(0, 1)(*engine);
               }) {}

  std::unique_ptr<net::HttpClient> http;
  std::unique_ptr<anthropic::Authenticator> authenticator;
  anthropic::MessagesClient client;
};

Result<std::unique_ptr<agent::ToolService>> make_service(boost::asio::io_context& io, const Setup& setup,
                                                         const Arguments& arguments, ModelAccess& access) {
  agent::EngineOptions options = make_engine_options(setup, arguments, make_uuid());
  AWL_CHECK(add_extensions(setup, arguments, options));
  options.session.http = access.http.get();
  options.session.add_credentials = make_tool_credentials(setup, *access.http);
  return agent::make_tool_service(io.get_executor(), std::move(options), access.client,
                                  [](const std::string& sentence) { tell("Warning: " + sentence); });
}

Task<int> serve_client(mcp_server::Server& server, os::SignalWatch& signals) {
  const int terminated_by =
      co_await take_input(signals, [&server](std::string_view bytes) { server.feed(bytes); });
  co_await server.close();
  co_return terminated_by;
}

}  // namespace

int run_mcp_serve(const Arguments& given, const Environment& shell, const os::Path& cwd) {
  if (::isatty(STDIN_FILENO) != 0)
    tell("awl mcp serve is spoken to by an MCP client, over standard input and output.");
  Arguments arguments = given;
  arguments.command = Command::kSession;
  const auto setup = make_setup(arguments, shell, cwd);
  if (!setup) return complain(setup.error());
  const auto network = make_network_setup(setup->environment);
  if (!network) return complain(network.error());
  for (const auto* problems : {&setup->problems, &network->problems}) {
    for (const std::string& problem : *problems) tell("Warning: " + problem);
  }
  if (const auto fits = check_version(setup->settings.minimum_version, setup->settings.maximum_version);
      !fits)
    return complain(fits.error());
  const auto signals = os::SignalWatch::make();
  if (!signals) return complain(signals.error());
  (*signals)->start({SIGINT, SIGTERM, SIGHUP});
  os::adopt_orphans();
  boost::asio::io_context io(1);
  ModelAccess access(io, *setup, *network);
  const auto service = make_service(io, *setup, arguments, access);
  if (!service) return complain(service.error());
  const auto out = headless::make_descriptor_sink(STDOUT_FILENO, (*signals)->stop());
  mcp_server::Server server(
      io.get_executor(), [&out](std::string_view line) { out->write(line); }, std::string(version_line()),
      **service);
  const int terminated_by = run_to_end(io, serve_client(server, **signals));
  os::kill_descendants();
  return exit_code_of(terminated_by);
}

}  // namespace awl::cli
