// awl-emulator: Claude Platform on AWS on this machine. `awl emulator` executes it.
#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdio>

#include "arguments.h"
#include "async/task_group.h"
#include "emulator/explorer.h"
#include "emulator/script.h"
#include "emulator/service.h"
#include "net/curl_client.h"
#include "os/file.h"

namespace {

using namespace awl;
namespace asio = boost::asio;

Result<std::unique_ptr<net::HttpHandler>> make_handler(const emulator::Config& config, Executor loop) {
  emulator::ServiceParts parts;
  parts.config = config;
  parts.clock = system_clock_now;
  parts.on_record_error = [](const Error& error) {
    fmt::print(stderr, "awl-emulator: {}\n", describe(error));
  };
  if (!config.replay_file.empty()) {
    AWL_TRY(parts.replay, emulator::Replay::load(config.replay_file));
  } else if (!config.upstream.url.empty()) {
    parts.upstream = net::make_curl_client(loop, {});
  }
  if (config.scenario.empty()) {
    parts.model = emulator::make_explorer();
  } else {
    AWL_TRY(auto scenario, emulator::load_scenario(config.scenario));
    parts.model = emulator::make_script(std::move(scenario));
  }
  if (!config.record_file.empty()) {
    AWL_TRY(parts.recorder, emulator::Recorder::open(config.record_file));
  }
  if (!config.exchange_record_file.empty()) {
    AWL_TRY(parts.exchange_recorder, emulator::Recorder::open(config.exchange_record_file));
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
  asio::io_context loop(1);
  AWL_TRY(const auto handler, make_handler(config, loop.get_executor()));
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
  const emulator_app::Parsed parsed = emulator_app::parse_arguments(argc, argv);
  if (parsed.exit_code) return *parsed.exit_code;
  const auto served = run(parsed.config);
  if (!served) return fail_with(served.error(), 1);
  return 0;
}
