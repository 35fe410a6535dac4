#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/columns.h"
#include "base/strings.h"
#include "cli/commands.h"
#include "cli/messages.h"
#include "config/locations.h"
#include "json/json.h"
#include "os/path.h"
#include "session/find_session.h"
#include "session/session_list.h"
#include "session/trace.h"

namespace awl::cli {

namespace {

using session::SessionInfo;

int fail_sessions(const Error& error) {
  tell("Error: " + describe(error));
  return 1;
}

int done(const Result<>& outcome, const std::string& sentence) {
  return outcome ? print_text(sentence + "\n") : fail_sessions(outcome.error());
}

std::string time_of(const SessionInfo& info) {
  return format_iso8601(
      TimePoint(std::chrono::duration_cast<TimePoint::duration>(std::chrono::nanoseconds(info.modified_ns))));
}

struct Found {
  SessionInfo info;
  std::string words;  // what was looked for, with what is around it
};

int print_sessions(const std::vector<Found>& sessions, const Arguments& arguments) {
  if (arguments.as_json) {
    json::Value list = json::Value::array();
    for (const auto& [info, words] : sessions) {
      json::Value entry = {{"id", info.id},
                           {"title", info.title},
                           {"tag", info.tag},
                           {"first_prompt", info.prompt},
                           {"folder", info.folder},
                           {"git_branch", info.branch},
                           {"modified", time_of(info)},
                           {"size_bytes", info.size_bytes},
                           {"file", info.file.string()}};
      if (!words.empty()) entry["found"] = words;
      list.push_back(std::move(entry));
    }
    return print_text(json::dump_pretty(list));
  }
  if (sessions.empty()) {
    tell(arguments.all_projects ? "There is no such session."
                                : "There is no such session of this folder; --all looks at every one.");
    return 0;
  }
  std::string text;
  for (const auto& [info, words] : sessions) {
    text += fmt::format("{}  {}  {}{}\n", info.id, time_of(info).substr(0, 16),
                        info.tag.empty() ? "" : fmt::format("[{}] ", info.tag), info.name());
    if (arguments.all_projects) text += fmt::format("    in {}\n", info.folder);
    if (!words.empty()) text += fmt::format("    {}\n", words);
  }
  return print_text(text);
}

int list_or_search(const Arguments& arguments, const config::Locations& locations) {
  const os::Path projects = locations.claude_dir / "projects";
  std::vector<SessionInfo> all =
      arguments.all_projects
          ? session::list_all_sessions(projects)
          : session::list_sessions(projects / session::project_slug(locations.project_dir));
  const std::string wanted = join(arguments.words, " ");
  const bool search = arguments.command == Command::kSessionsSearch;
  std::vector<Found> found;
  for (SessionInfo& info : all) {
    std::string words = search ? session::find_in_session(info.file, wanted) : "";
    if (search && words.empty() && !info.title.contains(wanted)) continue;
    found.push_back({std::move(info), std::move(words)});
  }
  return print_sessions(found, arguments);
}

int export_to(const Arguments& arguments, const os::Path& file, const os::Path& cwd) {
  const auto text = session::export_session(file);
  if (!text) return fail_sessions(text.error());
  if (arguments.words.size() < 2) return print_text(*text);
  const os::Path target = os::absolute_path(arguments.words[1], cwd, cwd);
  if (os::path_exists(target)) {
    return fail_sessions(Error{.kind = ErrorKind::kInvalidInput,
                               .message = fmt::format("{} is there already", target.string()),
                               .hint = "Give another name, or remove it first."});
  }
  return done(os::write_file_atomic(target, *text, 0600), fmt::format("Written to {}.", target.string()));
}

std::string describe_call(const session::TracedCall& call) {
  return fmt::format(
      "  {}  {:.1f} s  ${:.4f}  in {} + {} cached + {} to cache, out {}\n    request {}{}  {}{}\n",
      call.model, static_cast<double>(call.duration_ms) / 1000, call.cost_usd, call.input_tokens,
      call.cache_read_tokens, call.cache_write_tokens, call.output_tokens,
      call.request_id.empty() ? "-" : call.request_id,
      call.aws_request_id.empty() ? "" : fmt::format(", x-amzn-requestid {}", call.aws_request_id),
      call.principal, call.workspace.empty() ? "" : fmt::format(", {}", call.workspace));
}

json::Value to_json(const session::TracedCall& call) {
  return {{"model", call.model},
          {"timestamp", call.timestamp},
          {"request_id", call.request_id},
          {"aws_request_id", call.aws_request_id},
          {"principal", call.principal},
          {"workspace", call.workspace},
          {"subagent", call.agent_id},
          {"duration_ms", call.duration_ms},
          {"cost_usd", call.cost_usd},
          {"input_tokens", call.input_tokens},
          {"cache_read_tokens", call.cache_read_tokens},
          {"cache_write_tokens", call.cache_write_tokens},
          {"output_tokens", call.output_tokens}};
}

int trace(const os::Path& file, bool as_json) {
  const auto turns = session::trace_session(file);
  if (!turns) return fail_sessions(turns.error());
  json::Value all = json::Value::array();
  std::string text;
  double total = 0;
  for (const session::TracedTurn& turn : *turns) {
    json::Value calls = json::Value::array();
    double cost = 0;
    std::string lines;
    for (const session::TracedCall& call : turn.calls) {
      calls.push_back(to_json(call));
      cost += call.cost_usd;
      lines += describe_call(call);
    }
    total += cost;
    all.push_back({{"prompt", turn.prompt},
                   {"timestamp", turn.timestamp},
                   {"cost_usd", cost},
                   {"tools", turn.tools},
                   {"calls", calls}});
    text += fmt::format("{}  ${:.4f}  {}\n{}", turn.timestamp, cost, printable(turn.prompt, 100), lines);
    if (!turn.tools.empty()) text += fmt::format("  tools: {}\n", join(turn.tools, ", "));
  }
  if (as_json) return print_text(json::dump_pretty(all));
  if (turns->empty()) return print_text("Nothing was said in this session.\n");
  return print_text(fmt::format("{}{} messages, about ${:.4f} in all.\n", text, turns->size(), total));
}

// How many words a command takes.
Result<> check_words(const Arguments& arguments) {
  const size_t count = arguments.words.size();
  switch (arguments.command) {
    case Command::kSessionsRename:
    case Command::kSessionsTag:
      if (count >= 1) return {};
      break;
    case Command::kSessionsExport:
      if (count == 1 || count == 2) return {};
      break;
    case Command::kSessionsDelete:
    case Command::kSessionsTrace:
      if (count == 1) return {};
      break;
    case Command::kSessionsSearch:
      if (count >= 1) return {};
      return fail(ErrorKind::kInvalidInput, "awl sessions search needs the words to look for");
    default:
      if (count == 0) return {};
      return fail(ErrorKind::kInvalidInput,
                  fmt::format("awl sessions list takes no \"{}\"", arguments.words[0]),
                  "`awl sessions search WORDS` looks for words.");
  }
  return fail(ErrorKind::kInvalidInput, "it needs the id or the name of a session first",
              "`awl sessions list` shows them.");
}

}  // namespace

int run_sessions(const Arguments& arguments, const Environment& shell, const os::Path& cwd) {
  const auto found = config::find_locations(shell, cwd);
  if (!found) return fail_sessions(found.error());
  const config::Locations& locations = *found;
  if (const auto fits = check_words(arguments); !fits) return fail_sessions(fits.error());
  if (arguments.command == Command::kSessionsList || arguments.command == Command::kSessionsSearch)
    return list_or_search(arguments, locations);
  const auto file =
      session::find_session(locations.claude_dir / "projects", locations.project_dir, arguments.words[0]);
  if (!file) return fail_sessions(file.error());
  const std::string id = file->stem().string();
  const std::string rest = join({arguments.words.begin() + 1, arguments.words.end()}, " ");
  switch (arguments.command) {
    case Command::kSessionsRename:
      return done(session::rename_session(*file, rest), fmt::format("{} is called \"{}\".", id, rest));
    case Command::kSessionsTag:
      return done(session::tag_session(*file, rest), rest.empty()
                                                         ? fmt::format("{} has no tag.", id)
                                                         : fmt::format("{} has the tag \"{}\".", id, rest));
    case Command::kSessionsTrace:
      return trace(*file, arguments.as_json);
    case Command::kSessionsDelete:
      return done(session::delete_session(*file), fmt::format("{} is gone.", id));
    default:
      return export_to(arguments, *file, cwd);
  }
}

}  // namespace awl::cli
