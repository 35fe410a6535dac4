#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>

#include "base/strings.h"
#include "cli/commands.h"
#include "cli/messages.h"
#include "cli/prompt_input.h"
#include "cli/session_engine.h"
#include "cli/session_output.h"
#include "cli/session_run.h"
#include "cli/version.h"
#include "headless/control_desk.h"
#include "headless/run.h"
#include "os/signal_watch.h"
#include "session/checkpoints.h"

namespace awl::cli {

namespace {

// `otherwise` stands for a prompt that is not given.
Result<> post_prompt(const Arguments& arguments, const std::string& otherwise, bool may_be_silent,
                     agent::Engine& engine) {
  auto read = read_prompt(arguments.prompt.empty() ? otherwise : arguments.prompt, STDIN_FILENO);
  if (!read && may_be_silent && arguments.prompt.empty()) {
    engine.post(protocol::SendMessage{"[]", ""});
    engine.post(protocol::EndInput{});
    return {};
  }
  if (!read && arguments.prompt.empty() && !arguments.list_flag.empty()) {
    return fail(
        read.error().kind, read.error().message,
        fmt::format("{0} takes every word up to the next flag: write the prompt before it, or after --.",
                    arguments.list_flag));
  }
  AWL_TRY(const std::string prompt, std::move(read));
  say(prompt, engine);
  engine.post(protocol::EndInput{});
  return {};
}

// CLAUDE_CODE_EXIT_AFTER_STOP_DELAY, for clients that forget to close standard input.
std::optional<std::chrono::milliseconds> choose_idle_limit(const Environment& environment) {
  const auto limit = parse_integer(trim(environment.get("CLAUDE_CODE_EXIT_AFTER_STOP_DELAY")));
  if (!limit || *limit <= 0) return std::nullopt;
  return std::chrono::milliseconds(std::min<long long>(*limit, 86'400'000));
}

// --rewind-files: the files of a session as they were before a message of the person.
int rewind(const config::Locations& locations, const ChosenSession& chosen, const std::string& message) {
  const auto outcome = session::Checkpoints(checkpoint_dir(locations, chosen.id)).rewind(message, false);
  if (!outcome) {
    Error error = outcome.error();
    error.hint =
        "States are kept of sessions that ran with CLAUDE_CODE_ENABLE_SDK_FILE_CHECKPOINTING=true, of the "
        "last 100 messages. What commands changed is not among them.";
    return complain(error);
  }
  for (const std::string& problem : outcome->skipped) tell("Warning: " + problem);
  if (outcome->files.empty()) return print_text("Nothing differs from how it was before that message.\n");
  return print_text(fmt::format("Put back: {}\n", join(outcome->files, ", ")));
}

}  // namespace

int run_print(const Arguments& given, const Environment& shell, const os::Path& started_in) {
  const auto folder = choose_folder(given, shell, started_in);
  if (!folder) return complain(folder.error());
  const os::Path& cwd = *folder;
  const auto locations = config::find_locations(shell, cwd);
  if (!locations) return complain(locations.error());
  auto chosen = choose_session(given, *locations);
  if (!chosen) return complain(chosen.error());
  if (!given.rewind_to.empty()) return rewind(*locations, *chosen, given.rewind_to);
  Arguments arguments = given;
  keep_state(*chosen, shell, arguments);
  auto setup = make_setup(arguments, shell, cwd);
  if (!setup) return complain(setup.error());
  auto network = make_network_setup(setup->environment);
  if (!network) return complain(network.error());

  boost::asio::io_context io(1);
  const auto signals = os::SignalWatch::make();
  if (!signals) return complain(signals.error());
  SessionOutput output(arguments, *setup, chosen->id, (*signals)->stop(), setup->problems);
  output.log_setup(*setup, *network);
  for (const auto* problems : {&setup->problems, &network->problems}) {
    for (const std::string& problem : *problems) tell("Warning: " + problem);
  }
  std::unique_ptr<headless::ControlChannel> channel;
  if (arguments.stream_input) {
    channel = std::make_unique<headless::ControlChannel>(io.get_executor(), output.out(),
                                                         arguments.permission_prompt_tool == "stdio");
  }
  const auto nobody = headless::make_headless_host();
  protocol::Host& host = channel ? *channel : *nobody;
  if (chosen->restored) {
    for (const std::string& notice : chosen->restored->notices) tell("Note: " + notice);
  }
  // A call that a hook put off is made before anything is said.
  const bool has_deferred_call = chosen->restored && !chosen->restored->deferred_call.empty();
  const auto made = SessionEngine::make(io, arguments, shell, *setup, *network, *chosen, host);
  if (!made) return complain(made.error());
  SessionEngine& session = **made;
  agent::Engine& engine = session.engine();
  if (arguments.setup_only) {
    engine.post(protocol::EndInput{});
  } else if (!arguments.stream_input) {
    if (const auto posted = post_prompt(arguments, session.words_to_go_on(), has_deferred_call, engine);
        !posted)
      return complain(posted.error());
  } else if (!session.words_to_go_on().empty()) {
    say(session.words_to_go_on(), engine);
  }
  std::unique_ptr<headless::ControlDesk> desk;
  if (channel) {
    desk = std::make_unique<headless::ControlDesk>(
        io.get_executor(), engine, *channel, std::string(interface_version()), setup->locations.project_dir);
  }
  const int exit_code = run_session(io, {engine, output.output(), output.out(), **signals, output.progress(),
                                         desk.get(), choose_idle_limit(setup->environment)});
  session.finish();
  if (const std::string failure = output.failure(); !failure.empty()) {
    tell("Error: " + failure + ".");
    return 1;
  }
  return arguments.setup_only ? 0 : exit_code;
}

}  // namespace awl::cli
