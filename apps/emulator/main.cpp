// awl-emulator: Claude Platform on AWS on this machine. `awl emulator` executes it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdio>

#include "async/task_group.h"
#include "emulator/config_file.h"
#include "emulator/explorer.h"
#include "emulator/script.h"
#include "emulator/service.h"
#include "os/file.h"

namespace {

using namespace awl;
namespace asio = boost::asio;

/// The command line as it was given.
struct Arguments {
  emulator::Config config;
  int port = 8787;
  std::optional<std::string> region;
  std::vector<std::string> access_keys;
  std::vector<std::string> api_keys;
  std::vector<std::string> bearer_tokens;
  std::optional<long long> token_lifetime_s;
  bool no_auth = false;
  bool no_federation = false;
  std::optional<long long> clock_offset_s;
  std::string config_file;
};

void declare_options(CLI::App& app, Arguments& out) {
  emulator::Config& config = out.config;
  app.set_version_flag("--version", "awl-emulator " AWL_VERSION);
  app.add_option("--port", out.port, "Port to listen on; 0: any free one")
      ->check(CLI::Range(0, 65'535))
      ->capture_default_str();
  app.add_option("--address", config.address, "Address to listen on")->capture_default_str();
  app.add_flag("--allow-remote", config.allow_remote, "Permit an --address that other machines can reach");
  app.add_option("--region", out.region, "Region that is served: us-east-1");
  app.add_option("--workspace", config.workspaces, "Workspace id that is known (repeatable)");
  app.add_option("--access-key", out.access_keys, "ID:SECRET[:TOKEN] that may sign requests (repeatable)");
  app.add_option("--token-lifetime", out.token_lifetime_s, "Seconds after which session tokens have expired")
      ->check(CLI::Range(0LL, 31'536'000LL));
  app.add_option("--api-key", out.api_keys, "Key that is accepted in x-api-key (repeatable)");
  app.add_option("--bearer", out.bearer_tokens, "Token that is accepted as a bearer token (repeatable)");
  app.add_option("--policy", config.policies,
                 "Managed IAM policy or file that limits the credentials given here (repeatable)");
  app.add_option("--config", out.config_file,
                 "Configuration file: principals, policies, workspaces and more");
  app.add_flag("--no-federation", out.no_federation,
               "As an account whose outbound web identity federation is switched off");
  app.add_option("--clock-offset", out.clock_offset_s, "Seconds that the platform's clock is ahead")
      ->check(CLI::Range(-31'536'000LL, 31'536'000LL));
  app.add_flag("--no-auth", out.no_auth, "Do not look at credentials; the workspace is still checked");
  app.add_option("--scenario", config.scenario,
                 "Scenario file that the model follows; else the built-in explorer");
  app.add_option("--port-file", config.port_file, "File to write the port into once it is listening");
  app.add_option("--record", config.record_file, "File to append every request to, one JSON object a line");
}

/// The configuration file comes first, so that options change or add to what it says.
Result<emulator::Config> with_file(Arguments& arguments) {
  emulator::Config config = std::move(arguments.config);
  if (arguments.region) config.region = *arguments.region;
  if (!arguments.config_file.empty()) {
    const std::string scenario = config.scenario;
    std::vector<std::string> warnings;
    AWL_TRY(config,
            emulator::load_config(arguments.config_file, std::move(config), system_clock_now(), warnings));
    for (const std::string& warning : warnings) fmt::print(stderr, "awl-emulator: {}\n", warning);
    if (!scenario.empty()) config.scenario = scenario;
  }
  if (arguments.region) config.region = *arguments.region;
  if (arguments.no_federation) config.web_identity_federation = false;
  if (arguments.clock_offset_s) config.clock_offset = std::chrono::seconds(*arguments.clock_offset_s);
  return config;
}

Result<emulator::Config> to_config(Arguments arguments) {
  AWL_TRY(emulator::Config config, with_file(arguments));
  for (const std::string& text : arguments.access_keys) {
    AWL_TRY(auto key, emulator::parse_access_key(text));
    config.access_keys.push_back(std::move(key));
  }
  for (std::string& key : arguments.api_keys) config.api_keys.emplace_back(std::move(key));
  for (std::string& token : arguments.bearer_tokens) config.bearer_tokens.emplace_back(std::move(token));
  config.port = static_cast<uint16_t>(arguments.port);
  config.require_auth = !arguments.no_auth;
  std::optional<std::chrono::seconds> lifetime;
  if (arguments.token_lifetime_s) lifetime = std::chrono::seconds(*arguments.token_lifetime_s);
  return emulator::complete(std::move(config), lifetime, system_clock_now());
}

Result<std::unique_ptr<net::HttpHandler>> make_handler(const emulator::Config& config) {
  emulator::ServiceParts parts;
  parts.config = config;
  parts.clock = system_clock_now;
  parts.on_record_error = [](const Error& error) {
    fmt::print(stderr, "awl-emulator: {}\n", describe(error));
  };
  if (config.scenario.empty()) {
    parts.model = emulator::make_explorer();
  } else {
    AWL_TRY(auto scenario, emulator::load_scenario(config.scenario));
    parts.model = emulator::make_script(std::move(scenario));
  }
  if (!config.record_file.empty()) {
    AWL_TRY(parts.recorder, emulator::Recorder::open(config.record_file));
  }
  return emulator::make_service(std::move(parts));
}

Task<> serve_until_signal(net::HttpServer& server, asio::signal_set& signals) {
  async::TaskGroup tasks(co_await asio::this_coro::executor);
  tasks.spawn(server.run());
  boost::system::error_code error;
  co_await signals.async_wait(asio::redirect_error(asio::use_awaitable, error));
  tasks.cancel();
  co_await tasks.join();
}

Result<> run(const emulator::Config& config) {
  AWL_TRY(const auto handler, make_handler(config));
  asio::io_context loop(1);
  // Before anybody can learn the port, and so before anybody can want to stop this.
  asio::signal_set signals(loop, SIGINT, SIGTERM);
  AWL_TRY(const auto server,
          net::HttpServer::listen(loop.get_executor(), {.address = config.address, .port = config.port},
                                  *handler));
  if (!config.port_file.empty()) {
    AWL_CHECK(os::write_file_atomic(config.port_file, fmt::format("{}\n", server->port())));
  }
  fmt::print("{}", emulator::banner(config, server->port()));
  std::fflush(stdout);
  std::exception_ptr failure;
  asio::co_spawn(loop, serve_until_signal(*server, signals),
                 [&](std::exception_ptr error) { failure = std::move(error); });
  loop.run();
  if (failure) std::rethrow_exception(failure);
  return {};
}

int fail_with(const Error& error, int code) {
  fmt::print(stderr, "awl-emulator: {}\n", describe(error));
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Claude Platform on AWS on this machine, for trying and testing without an account. Credentials are "
      "really "
      "verified; the model is scripted and is not Claude.",
      "awl emulator");
  Arguments arguments;
  declare_options(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    fmt::print(stderr, "awl-emulator: {}\nSee awl emulator --help.\n", error.what());
    return 2;
  }
  const bool names_files = !arguments.config_file.empty() || !arguments.config.policies.empty();
  const auto config = to_config(std::move(arguments));
  if (!config) return fail_with(config.error(), names_files ? 1 : 2);
  const auto served = run(*config);
  if (!served) return fail_with(served.error(), 1);
  return 0;
}
