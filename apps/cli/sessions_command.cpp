#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/strings.h"
#include "cli/commands.h"
#include "cli/messages.h"
#include "config/locations.h"
#include "json/json.h"
#include "os/path.h"
#include "session/find_session.h"
#include "session/session_list.h"

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
    case Command::kSessionsDelete:
      return done(session::delete_session(*file), fmt::format("{} is gone.", id));
    default:
      return export_to(arguments, *file, cwd);
  }
}

}  // namespace awl::cli
