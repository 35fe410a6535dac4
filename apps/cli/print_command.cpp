#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <random>

#include "agent/worktree.h"
#include "anthropic/client.h"
#include "anthropic/token_counter.h"
#include "base/strings.h"
#include "base/uuid.h"
#include "cli/called_actions.h"
#include "cli/commands.h"
#include "cli/engine_setup.h"
#include "cli/extension_setup.h"
#include "cli/interrupted_turn.h"
#include "cli/messages.h"
#include "cli/network_setup.h"
#include "cli/prompt_input.h"
#include "cli/run_to_end.h"
#include "cli/session_files.h"
#include "cli/session_output.h"
#include "cli/session_run.h"
#include "cli/settings_watch.h"
#include "cli/state_files.h"
#include "cli/tool_identity.h"
#include "cli/version.h"
#include "config/trust.h"
#include "headless/control_desk.h"
#include "headless/run.h"
#include "os/process.h"
#include "os/signal_watch.h"
#include "session/checkpoints.h"
#include "session/retention.h"

namespace awl::cli {

namespace {

std::function<double()> make_random() {
  auto engine = std::make_shared<std::minstd_rand>(std::random_device{}());
  return [engine] { return std::uniform_real_distribution<double>(0, 1)(*engine); };
}

void say(const std::string& words, agent::Engine& engine) {
  engine.post(protocol::SendMessage{fmt::format("[{}]", anthropic::text_block(words)), make_uuid()});
}

// `otherwise` stands for a prompt that is not given.
Result<> post_prompt(const Arguments& arguments, const std::string& otherwise, agent::Engine& engine) {
  auto read = read_prompt(arguments.prompt.empty() ? otherwise : arguments.prompt, STDIN_FILENO);
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

// Where the session works: with --worktree a checkout of its own.
Result<os::Path> choose_folder(const Arguments& arguments, const Environment& shell, const os::Path& cwd) {
  if (!arguments.worktree) return cwd;
  AWL_TRY(const config::Locations locations, config::find_locations(shell, cwd));
  std::vector<std::string> problems;
  const auto settings = config::merge_settings(
      config::read_settings_files(
          locations, {config::Scope::kUser, config::Scope::kProject, config::Scope::kLocal}, problems),
      config::look_at_trust(locations, trust_file(shell, locations.home)).trusted);
  boost::asio::io_context io(1);
  const auto opened =
      run_to_end(io, agent::open_worktree(cwd, *arguments.worktree, settings.worktree_from_head, shell));
  if (!opened)
    return fail(opened.error().kind, fmt::format("--worktree: {}", opened.error().message),
                opened.error().hint);
  return opened->path;
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

// The mode and the agent that a session had, unless others are asked for now. Modes that let everything
// through, or nothing, have to be chosen anew. Source: product documentation, "sessions", "What a resumed
// session restores".
void keep_state(const session::RestoredSession& restored, Arguments& arguments) {
  const std::string& mode = restored.permission_mode;
  const bool is_kept = mode == "acceptEdits" || mode == "dontAsk" || mode == "auto";
  if (is_kept && !arguments.permission_mode && !arguments.skip_permissions) arguments.permission_mode = mode;
  if (!restored.agent.empty() && arguments.agent.empty()) {
    arguments.agent = restored.agent;
    arguments.agent_is_restored = true;
  }
}

constexpr std::chrono::hours kCleanUpEvery{24};
constexpr std::chrono::milliseconds kCleanUpLimit{300};
constexpr int kUsualDays = 30;

// Once a day, after everything else; what is not done in time goes on the next time.
void clean_up(const Setup& setup, const Arguments& arguments) {
  if (arguments.bare || !arguments.persist || setup.settings.cleanup_is_unsure) return;
  const os::Path stamp = state_dir(setup.environment, setup.locations.home) / "last-clean-up";
  const auto last = os::stat(stamp);
  const TimePoint now = system_clock_now();
  const auto age = now.time_since_epoch() - std::chrono::nanoseconds(last ? last->modified_ns : 0);
  if (last && age < kCleanUpEvery) return;
  const auto outcome = session::sweep(
      setup.locations.claude_dir, std::chrono::days(setup.settings.cleanup_period_days.value_or(kUsualDays)),
      now, kCleanUpLimit);
  if (!outcome.complete || !os::make_directories(stamp.parent_path(), 0700)) return;
  // Without it, the next run looks again.
  static_cast<void>(os::write_file_atomic(stamp, "", 0600));
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
  // A session keeps its model unless another one is asked for now.
  if (chosen->restored && !chosen->restored->model.empty() && !arguments.model &&
      !shell.has("ANTHROPIC_MODEL"))
    arguments.model = chosen->restored->model;
  if (chosen->restored) keep_state(*chosen->restored, arguments);
  auto setup = make_setup(arguments, shell, cwd);
  if (!setup) return complain(setup.error());
  if (const auto fits = check_version(setup->settings.minimum_version, setup->settings.maximum_version);
      !fits)
    return complain(fits.error());
  auto network = make_network_setup(setup->environment);
  if (!network) return complain(network.error());

  os::adopt_orphans();
  boost::asio::io_context io(1);
  const auto http = net::make_curl_client(io.get_executor(), network->http);
  http->warm_up();

  const std::string& session_id = chosen->id;
  const auto signals = os::SignalWatch::make();
  if (!signals) return complain(signals.error());
  SessionOutput output(arguments, *setup, session_id, (*signals)->stop(), setup->problems);
  output.log_setup(*setup, *network);
  for (const auto* problems : {&setup->problems, &network->problems}) {
    for (const std::string& problem : *problems) tell("Warning: " + problem);
  }

  const auto authenticator = make_authenticator(*setup, *http);
  CalledActions actions;
  const auto noting = make_noting_client(*http, setup->provider, actions);
  anthropic::MessagesClient client(*noting, *authenticator,
                                   anthropic::choose_retry_policy(setup->environment, setup->provider),
                                   make_random());
  anthropic::JsonClient json_client(*noting, *authenticator,
                                    anthropic::choose_retry_policy(setup->environment, setup->provider),
                                    make_random());
  anthropic::TokenCounter token_counter(json_client);
  std::unique_ptr<headless::ControlChannel> channel;
  if (arguments.stream_input) {
    channel = std::make_unique<headless::ControlChannel>(io.get_executor(), output.out(),
                                                         arguments.permission_prompt_tool == "stdio");
  }
  const auto nobody = headless::make_headless_host();
  protocol::Host& host = channel ? *channel : *nobody;
  agent::EngineOptions options = make_engine_options(*setup, arguments, session_id);
  if (const auto added = add_extensions(*setup, arguments, options); !added) return complain(added.error());
  options.session.http = http.get();
  options.settings_watch = make_settings_watch(arguments, shell, *setup, options.request.reasoning.effort);
  const auto recorder = make_recorder(*chosen, *setup, arguments);
  options.recorder = recorder.get();
  options.transcript_path = chosen->file.string();
  options.make_recorder = [&](const std::string& agent_id) {
    return make_subagent_recorder(*chosen, *setup, arguments, agent_id);
  };
  std::string go_on;
  if (chosen->restored) {
    for (const std::string& notice : chosen->restored->notices) tell("Note: " + notice);
    go_on = words_to_go_on(*chosen->restored, setup->environment, system_clock_now());
    options.restored = std::move(chosen->restored);
  }
  options.session.add_credentials = make_tool_credentials(*setup, *http);
  // Bedrock counts in another way; what is too long is found out when it is refused.
  if (setup->provider.kind != anthropic::ProviderKind::kBedrock) options.token_counter = &token_counter;
  const auto engine = agent::make_engine(io.get_executor(), std::move(options), client, host);
  if (arguments.setup_only) {
    engine->post(protocol::EndInput{});
  } else if (!arguments.stream_input) {
    if (const auto posted = post_prompt(arguments, go_on, *engine); !posted) return complain(posted.error());
  } else if (!go_on.empty()) {
    say(go_on, *engine);
  }
  std::unique_ptr<headless::ControlDesk> desk;
  if (channel) {
    desk = std::make_unique<headless::ControlDesk>(
        io.get_executor(), *engine, *channel, std::string(interface_version()), setup->locations.project_dir);
  }
  const int exit_code = run_session(io, {*engine, output.output(), output.out(), **signals, output.progress(),
                                         desk.get(), choose_idle_limit(setup->environment)});
  if (setup->provider.kind == anthropic::ProviderKind::kClaudePlatformOnAws) {
    // For `awl doctor --iam` alone: that it cannot be kept is no reason to fail.
    static_cast<void>(store_actions(state_dir(setup->environment, setup->locations.home),
                                    setup->provider.workspace_id, actions));
  }
  clean_up(*setup, arguments);
  if (const std::string failure = output.failure(); !failure.empty()) {
    tell("Error: " + failure + ".");
    return 1;
  }
  return arguments.setup_only ? 0 : exit_code;
}

}  // namespace awl::cli
