#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <random>

#include "anthropic/client.h"
#include "async/task_group.h"
#include "base/uuid.h"
#include "cli/commands.h"
#include "cli/engine_setup.h"
#include "cli/network_setup.h"
#include "cli/prompt_input.h"
#include "cli/version.h"
#include "headless/run.h"
#include "headless/stream_json_input.h"
#include "os/process.h"

namespace awl::cli {

namespace {

constexpr int kExitSignalBase = 128;

std::unique_ptr<headless::Output> make_output(const Arguments& arguments, const std::string& session_id,
                                              headless::ByteSink& out, headless::ByteSink& err) {
  headless::SessionLabel label{session_id, std::string(interface_version())};
  switch (arguments.output_format) {
    case OutputFormat::kJson:
      return headless::make_json_output(out, std::move(label), arguments.verbose);
    case OutputFormat::kStreamJson:
      return headless::make_stream_json_output(
          out, std::move(label), {arguments.include_partial_messages, arguments.replay_user_messages});
    case OutputFormat::kText:
      break;
  }
  return headless::make_text_output(out, err);
}

std::function<double()> make_random() {
  auto engine = std::make_shared<std::minstd_rand>(std::random_device{}());
  return [engine] { return std::uniform_real_distribution<double>(0, 1)(*engine); };
}

Task<> run_and_store(agent::Engine& engine, headless::Output& output, const headless::ByteSink& out,
                     int& exit_code) {
  exit_code = co_await headless::run(engine, output, out);
}

// SIGINT ends the turn, which then has its result; the others end everything without one.
Task<> obey_signals(boost::asio::signal_set& signals, agent::Engine& engine, async::TaskGroup& session,
                    int& terminated_by) {
  for (;;) {
    const int signal = co_await signals.async_wait(boost::asio::use_awaitable);
    if (signal == SIGINT) {
      engine.post(protocol::EndInput{});
      engine.post(protocol::Interrupt{});
    } else {
      terminated_by = signal;
      session.cancel();
    }
  }
}

// Input that cannot be read ends the run; what was asked before is still answered.
Task<> feed_input(agent::Engine& engine, bool& bad_input) {
  const auto read = co_await headless::read_stream_json(STDIN_FILENO, engine);
  if (read) co_return;
  bad_input = true;
  fmt::print(stderr, "Error: {}\n", describe(read.error()));
}

Task<> run_session(agent::Engine& engine, headless::Output& output, const headless::ByteSink& out,
                   bool stream_input, int& exit_code) {
  const Executor executor = co_await boost::asio::this_coro::executor;
  async::TaskGroup session(executor);
  async::TaskGroup listeners(executor);
  boost::asio::signal_set signals(executor, SIGINT, SIGTERM);
  signals.add(SIGHUP);
  signals.add(SIGQUIT);
  int terminated_by = 0;
  bool bad_input = false;
  session.spawn(run_and_store(engine, output, out, exit_code));
  listeners.spawn(obey_signals(signals, engine, session, terminated_by));
  if (stream_input) listeners.spawn(feed_input(engine, bad_input));
  co_await session.join();
  if (bad_input) exit_code = 1;
  if (terminated_by != 0) exit_code = kExitSignalBase + terminated_by;
  listeners.cancel();
  co_await listeners.join();
}

Result<> post_prompt(const Arguments& arguments, agent::Engine& engine) {
  auto read = read_prompt(arguments.prompt, STDIN_FILENO);
  if (!read && arguments.prompt.empty() && !arguments.list_flag.empty()) {
    return fail(
        read.error().kind, read.error().message,
        fmt::format("{0} takes every word up to the next flag: write the prompt before it, or after --.",
                    arguments.list_flag));
  }
  AWL_TRY(const std::string prompt, std::move(read));
  engine.post(protocol::SendMessage{fmt::format("[{}]", anthropic::text_block(prompt)), make_uuid()});
  engine.post(protocol::EndInput{});
  return {};
}

}  // namespace

int run_print(const Arguments& arguments, const Environment& shell, const os::Path& cwd) {
  const auto complain = [](const Error& error) {
    fmt::print(stderr, "Error: {}\n", describe(error));
    return 1;
  };
  auto setup = make_setup(arguments, shell, cwd);
  if (!setup) return complain(setup.error());
  auto network = make_network_setup(setup->environment);
  if (!network) return complain(network.error());

  os::adopt_orphans();
  boost::asio::io_context io(1);
  const auto http = net::make_curl_client(io.get_executor(), std::move(network->http));
  http->warm_up();
  for (const auto* problems : {&setup->problems, &network->problems}) {
    for (const std::string& problem : *problems) fmt::print(stderr, "Warning: {}\n", problem);
  }

  const std::string session_id = arguments.session_id.value_or(make_uuid());
  const auto authenticator = make_authenticator(*setup, *http);
  anthropic::MessagesClient client(*http, *authenticator,
                                   anthropic::choose_retry_policy(setup->environment, setup->provider),
                                   make_random());
  const auto host = headless::make_headless_host();
  agent::EngineOptions options = make_engine_options(*setup, arguments, session_id);
  options.session.http = http.get();
  const auto engine = agent::make_engine(io.get_executor(), std::move(options), client, *host);

  const auto out = headless::make_descriptor_sink(STDOUT_FILENO);
  const auto err = headless::make_descriptor_sink(STDERR_FILENO);
  const auto output = make_output(arguments, session_id, *out, *err);
  if (!arguments.stream_input) {
    if (const auto posted = post_prompt(arguments, *engine); !posted) return complain(posted.error());
  }

  int exit_code = 1;
  std::exception_ptr failure;
  boost::asio::co_spawn(io, run_session(*engine, *output, *out, arguments.stream_input, exit_code),
                        [&failure](const std::exception_ptr& e) { failure = e; });
  io.run();
  os::kill_descendants();
  if (failure) std::rethrow_exception(failure);
  return exit_code;
}

}  // namespace awl::cli
