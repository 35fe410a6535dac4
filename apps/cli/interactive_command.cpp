// `awl` on a terminal.
#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <csignal>
#include <nlohmann/json.hpp>

#include "base/columns.h"
#include "base/strings.h"
#include "cli/commands.h"
#include "cli/config_change.h"
#include "cli/messages.h"
#include "cli/permission_setup.h"
#include "cli/run_to_end.h"
#include "cli/session_engine.h"
#include "cli/state_files.h"
#include "cli/trust_text.h"
#include "cli/version.h"
#include "os/process.h"
#include "os/signal_watch.h"
#include "session/find_session.h"
#include "session/pull_request.h"
#include "tui/interactive.h"

namespace awl::cli {

namespace {

constexpr int kExitSignalBase = 128;

// What outlives one session of several in a process.
struct Place {
  boost::asio::io_context& io;
  tui::Terminal& terminal;
  const tui::Theme& theme;
  const Environment& shell;
  const config::Locations& locations;
};

template <typename T>
T run_on(const Place& place, Task<T> work) {
  place.io.restart();
  return run_to_end(place.io, std::move(work));
}

std::vector<std::string> lines_of(const Place& place, std::string_view text) {
  return tui::wrap(tui::clean(text), place.terminal.size().columns - 1);
}

void append(std::vector<std::string>& to, std::vector<std::string> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// Asked once for a folder, and again when what it starts by itself changes. False: the person leaves.
Result<bool> ask_for_trust(const Place& place) {
  const os::Path state = trust_file(place.shell, place.locations.home);
  config::Trust trust = config::look_at_trust(place.locations, state);
  if (trust.trusted) return true;
  if (!trust.accepted) trust.items = config::find_executable_config(place.locations);
  std::vector<std::string> head{"", place.theme.paint(tui::kBold, "Do you trust this folder?"), ""};
  append(head, lines_of(place, place.locations.project_dir.string()));
  append(
      head,
      lines_of(place,
               fmt::format(
                   "It is {}. awl reads, changes and runs what is in it, as far as you and its rules allow.",
                   state_of(trust))));
  append(head, lines_of(place, describe_items(trust)));
  head.emplace_back();
  const auto answer =
      run_on(place, tui::ask(place.terminal, place.theme, std::move(head),
                             {"Yes, I trust it, with its rules, variables and helpers", "No, leave"}));
  if (answer != std::optional<size_t>(0)) return false;
  AWL_CHECK(config::accept_folder(place.locations, state));
  return true;
}

// Those that a person had, but for the one that runs.
std::vector<session::SessionInfo> list_sessions(const config::Locations& locations, tui::SessionsOf of,
                                                const std::string& but) {
  const os::Path projects = locations.claude_dir / "projects";
  std::vector<session::SessionInfo> found;
  if (of == tui::SessionsOf::kAnywhere) {
    found = session::list_all_sessions(projects);
  } else {
    std::vector<os::Path> folders{locations.project_dir};
    if (of == tui::SessionsOf::kRepository) folders = config::worktrees_of(locations.project_dir);
    for (const os::Path& folder : folders) {
      for (session::SessionInfo& info : session::list_sessions(projects / session::project_slug(folder)))
        found.push_back(std::move(info));
    }
  }
  std::ranges::stable_sort(found, std::ranges::greater(), &session::SessionInfo::modified_ns);
  std::erase_if(
      found, [&but](const session::SessionInfo& info) { return info.id == but || !info.is_interactive(); });
  return found;
}

// `request`: as the person wrote it; empty: any.
void keep_those_of(const std::string& request, std::vector<session::SessionInfo>& sessions) {
  std::erase_if(sessions, [&request](const session::SessionInfo& info) {
    return info.pr_url.empty() || (!request.empty() && !session::names_pull_request(request, info.pr_url));
  });
}

// A session of another folder works there.
std::string advise(const config::Locations& locations, const session::SessionInfo& session) {
  if (session.file.parent_path().filename() == session::project_slug(locations.project_dir)) return "";
  return fmt::format("That session belongs to another folder: cd '{}' && awl --resume {}",
                     replace_all(session.folder, "'", "'\\''"), session.id);
}

std::string details_of(const Setup& setup, const std::string& session_id) {
  const anthropic::Provider& provider = setup.provider;
  std::string text =
      fmt::format("{}\nProvider: {} ({})\n", version_line(), to_string(provider.kind), provider.reason);
  if (!provider.workspace_id.empty()) text += fmt::format("Workspace: {}\n", provider.workspace_id);
  if (!provider.region.empty())
    text += fmt::format("Region: {} ({})\n", provider.region, provider.region_source);
  text += fmt::format("Base URL: {}{}\n", provider.base_url,
                      provider.base_url_source.empty() ? "" : fmt::format(" ({})", provider.base_url_source));
  text += fmt::format("Authentication: {}{}\n", to_string(provider.auth),
                      provider.auth_source.empty() ? "" : fmt::format(" ({})", provider.auth_source));
  text += fmt::format("Model: {} ({})\nFolder: {}\nSession: {}\n", setup.model.id, setup.model.source,
                      setup.locations.project_dir.string(), session_id);
  for (const std::string& file : setup.settings.sources) text += fmt::format("Settings: {}\n", file);
  return text + "`awl status` says more, `awl doctor` what is wrong.";
}

std::vector<std::string> make_banner(const Place& place, const Setup& setup,
                                     const std::vector<std::string>& problems) {
  const anthropic::Provider& provider = setup.provider;
  std::string where(to_string(provider.kind));
  if (!provider.workspace_id.empty()) where += " · " + provider.workspace_id;
  if (!provider.region.empty()) where += " · " + provider.region;
  std::vector<std::string> lines{place.theme.paint(tui::kBold, "Awl") +
                                 place.theme.paint(tui::kDim, "  " + setup.model.id)};
  const int columns = place.terminal.size().columns - 1;
  for (const std::string& text : {where, setup.locations.project_dir.string()})
    lines.push_back(place.theme.paint(tui::kDim, cut_to_columns(printable(text, 1000), columns)));
  for (const std::string& problem : problems)
    append(lines, tui::wrap(place.theme.paint(tui::kWarning, tui::clean(problem)), columns));
  return lines;
}

// permissionExplainerEnabled of ~/.claude.json.
bool explains_calls(const config::Locations& locations) {
  const auto text = os::read_file(locations.global_file);
  const auto root = text ? json::parse(*text) : Result<json::Value>(json::Value());
  return !root || json::get_bool(*root, "permissionExplainerEnabled").value_or(true);
}

tui::InteractiveOptions make_options(const Place& place, const Setup& setup, const Arguments& arguments,
                                     const ChosenSession& chosen, std::vector<std::string> problems,
                                     std::string draft) {
  tui::InteractiveOptions options;
  options.details = details_of(setup, chosen.id);
  options.draft = std::move(draft);
  options.folder = setup.locations.project_dir;
  options.model = setup.model.id;
  options.mode = permission::to_string(setup.mode);
  for (const char* scope : {"user", "project", "local"}) {
    if (const auto file = settings_file(place.locations, scope))
      options.rule_files.emplace_back(file->string(), fmt::format("{}Settings", scope));
  }
  options.modes = selectable_modes(setup, arguments);
  options.saves_rules = !setup.settings.managed_rules_only;
  options.question_timeout = setup.settings.question_timeout.value_or(std::chrono::milliseconds(0));
  if (const auto limit = parse_integer(setup.environment.get("CLAUDE_AFK_TIMEOUT_MS")); limit && *limit > 0)
    options.question_timeout = std::chrono::milliseconds(*limit);
  options.explains_calls = explains_calls(place.locations);
  options.list_prompts = [file = chosen.file] {
    return session::list_prompts(file).value_or(std::vector<session::Prompt>{});
  };
  options.list_sessions = [&place, id = chosen.id](tui::SessionsOf of) {
    return list_sessions(place.locations, of, id);
  };
  options.advise = [&place](const session::SessionInfo& session) { return advise(place.locations, session); };
  if (chosen.restored) {
    options.earlier = chosen.restored->messages;
    problems.insert(problems.end(), chosen.restored->notices.begin(), chosen.restored->notices.end());
  }
  options.banner = make_banner(place, setup, problems);
  return options;
}

// One session, until the person leaves it.
Result<tui::Leave> run_one(const Place& place, const Arguments& given, const os::SignalWatch& signals,
                           const tui::Leave& before, os::Path& written_to) {
  AWL_TRY(ChosenSession chosen, choose_session(given, place.locations));
  if (!before.summary.empty()) {
    chosen.opening_note =
        "The conversation went on from here; the person took that part out of it and left this summary:\n\n" +
        before.summary;
  }
  written_to = chosen.file;
  Arguments arguments = given;
  keep_state(chosen, place.shell, arguments);
  AWL_TRY(const Setup setup, make_setup(arguments, place.shell, place.locations.project_dir));
  AWL_TRY(const NetworkSetup network, make_network_setup(setup.environment));
  std::vector<std::string> problems = setup.problems;
  problems.insert(problems.end(), network.problems.begin(), network.problems.end());
  const bool remembers = !setup.environment.is_on("CLAUDE_CODE_SKIP_PROMPT_HISTORY");
  tui::History history(
      remembers ? state_dir(setup.environment, place.locations.home) / "prompts.jsonl" : os::Path(),
      place.locations.project_dir.string());
  place.io.restart();
  const auto face = tui::Interactive::make(
      place.io.get_executor(), place.terminal, place.theme, history,
      make_options(place, setup, arguments, chosen, std::move(problems), before.draft), signals.arrivals());
  AWL_TRY(const auto session,
          SessionEngine::make(place.io, arguments, place.shell, setup, network, chosen, *face));
  if (!arguments.prompt.empty()) {
    say(arguments.prompt, session->engine());
  } else if (!session->words_to_go_on().empty()) {
    say(session->words_to_go_on(), session->engine());
  }
  tui::Leave left = run_on(place, face->run(session->engine()));
  os::kill_descendants();
  session->finish();
  return left;
}

// The arguments of the session that follows.
void follow(const tui::Leave& left, const os::Path& written_to, Arguments& arguments) {
  arguments.prompt.clear();
  arguments.session_name.clear();
  arguments.continue_session = arguments.fork_session = false;
  arguments.session_id.reset();
  arguments.resume.reset();
  arguments.resume_at.clear();
  if (left.kind == tui::Leave::Kind::kOtherSession) arguments.resume = left.session.stem().string();
  if (left.kind == tui::Leave::Kind::kBranch) {
    arguments.resume = written_to.stem().string();
    arguments.fork_session = true;
    arguments.session_name = left.name;
  }
  if (left.kind == tui::Leave::Kind::kEarlierMessage && !left.at.empty()) {
    arguments.resume = written_to.stem().string();
    arguments.resume_at = left.at;
  }
}

// Until the person leaves for good. The signal that ended it; 0: none.
Result<int> run_sessions(const Place& place, Arguments arguments, const os::SignalWatch& signals,
                         os::Path& written_to) {
  tui::Leave left;
  for (;;) {
    AWL_TRY(left, run_one(place, arguments, signals, left, written_to));
    if (left.kind == tui::Leave::Kind::kExit) return left.terminated_by;
    follow(left, written_to, arguments);
    place.terminal.write("\r\n");
  }
}

}  // namespace

int run_interactive(const Arguments& given, const Environment& shell, const os::Path& started_in) {
  const auto folder = choose_folder(given, shell, started_in);
  if (!folder) return complain(folder.error());
  const auto locations = config::find_locations(shell, *folder);
  if (!locations) return complain(locations.error());
  if (shell.get("TERM") == "dumb") {
    return complain({.kind = ErrorKind::kUnsupported,
                     .message = "this terminal (TERM=dumb) cannot be drawn on",
                     .hint = "awl -p \"…\" needs none."});
  }
  boost::asio::io_context io(1);
  const auto signals = os::SignalWatch::make();
  if (!signals) return complain(signals.error());
  auto terminal = tui::Terminal::open(io.get_executor());
  if (!terminal) return complain(terminal.error());
  (*signals)->start({SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGCONT});
  const tui::Theme theme(shell.get("NO_COLOR").empty());
  const Place place{io, **terminal, theme, shell, *locations};
  const auto fail_with = [&terminal](const Error& error) {
    terminal->reset();
    return complain(error);
  };

  const auto trusted = ask_for_trust(place);
  if (!trusted) return fail_with(trusted.error());
  if (!*trusted) return 1;
  Arguments arguments = given;
  arguments.interactive = true;
  if (arguments.resume && arguments.resume->empty()) {
    const auto picked = run_on(place, tui::pick_session(**terminal, theme, [&](tui::SessionsOf of) {
                                 auto found = list_sessions(*locations, of, "");
                                 if (arguments.from_pr) keep_those_of(*arguments.from_pr, found);
                                 return found;
                               }));
    if (!picked) return 1;
    if (const std::string advice = advise(*locations, *picked); !advice.empty()) {
      terminal->reset();
      return print_text(advice + "\n");
    }
    arguments.resume = picked->id;
  }
  os::Path written_to;
  const auto ended = run_sessions(place, arguments, **signals, written_to);
  if (!ended) return fail_with(ended.error());
  terminal->reset();
  if (os::path_exists(written_to))
    tell(fmt::format("awl --resume {} goes on with this session.", written_to.stem().string()));
  return *ended == 0 ? 0 : kExitSignalBase + *ended;
}

}  // namespace awl::cli
