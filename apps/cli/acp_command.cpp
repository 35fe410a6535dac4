// `awl acp`: the agent of an editor.
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <csignal>

#include "acp/server.h"
#include "cli/commands.h"
#include "cli/messages.h"
#include "cli/permission_setup.h"
#include "cli/run_to_end.h"
#include "cli/session_engine.h"
#include "cli/stdio_service.h"
#include "cli/version.h"
#include "headless/byte_sink.h"
#include "os/process.h"
#include "os/signal_watch.h"

namespace awl::cli {

namespace {

// What an engine is made of, which lives as long as it does.
struct EditorSession {
  Arguments arguments;
  std::optional<Setup> setup;
  std::optional<NetworkSetup> network;
  ChosenSession chosen;
  std::unique_ptr<SessionEngine> engine;

  EditorSession() = default;
  EditorSession(const EditorSession&) = delete;
  EditorSession& operator=(const EditorSession&) = delete;
  ~EditorSession() {
    if (engine) engine->finish();
  }
};

Result<acp::OpenedSession> open_session(boost::asio::io_context& io, const Arguments& given,
                                        const Environment& shell, const acp::SessionWish& wish,
                                        protocol::Host& host) {
  const auto made = std::make_shared<EditorSession>();
  made->arguments = given;
  made->arguments.command = Command::kSession;
  made->arguments.interactive = true;
  made->arguments.add_dirs = wish.more_folders;
  if (!wish.mcp_config_json.empty()) made->arguments.mcp_configs.push_back(wish.mcp_config_json);
  if (!wish.load.empty()) made->arguments.resume = wish.load;
  AWL_TRY(const config::Locations locations, config::find_locations(shell, wish.folder));
  AWL_TRY(made->chosen, choose_session(made->arguments, locations));
  keep_state(made->chosen, shell, made->arguments);
  AWL_TRY(made->setup, make_setup(made->arguments, shell, locations.project_dir));
  AWL_TRY(made->network, make_network_setup(made->setup->environment));
  for (const auto* problems : {&made->setup->problems, &made->network->problems}) {
    for (const std::string& problem : *problems) tell("Warning: " + problem);
  }
  acp::OpenedSession opened;
  opened.id = made->chosen.id;
  opened.mode = permission::to_string(made->setup->mode);
  opened.modes = selectable_modes(*made->setup, made->arguments);
  if (made->chosen.restored) opened.earlier = made->chosen.restored->messages;
  AWL_TRY(made->engine,
          SessionEngine::make(io, made->arguments, shell, *made->setup, *made->network, made->chosen, host));
  opened.engine = &made->engine->engine();
  opened.holder = made;
  return opened;
}

Task<int> serve(acp::Server& server, os::SignalWatch& signals) {
  const int terminated_by =
      co_await take_input(signals, [&server](std::string_view bytes) { server.feed(bytes); });
  co_await server.close();
  co_return terminated_by;
}

}  // namespace

int run_acp(const Arguments& arguments, const Environment& shell, const os::Path& /*cwd*/) {
  if (::isatty(STDIN_FILENO) != 0) tell("awl acp is spoken to by an editor, over standard input and output.");
  const auto signals = os::SignalWatch::make();
  if (!signals) return complain(signals.error());
  (*signals)->start({SIGINT, SIGTERM, SIGHUP});
  os::adopt_orphans();
  boost::asio::io_context io(1);
  const auto out = headless::make_descriptor_sink(STDOUT_FILENO, (*signals)->stop());
  acp::Server server(
      io.get_executor(), [&out](std::string_view line) { out->write(line); }, std::string(version_line()),
      [&](const acp::SessionWish& wish, protocol::Host& host) {
        return open_session(io, arguments, shell, wish, host);
      });
  const int terminated_by = run_to_end(io, serve(server, **signals));
  os::kill_descendants();
  return exit_code_of(terminated_by);
}

}  // namespace awl::cli
