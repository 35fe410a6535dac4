// `awl project purge`.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "cli/commands.h"
#include "cli/confirm.h"
#include "cli/messages.h"
#include "cli/state_files.h"
#include "config/global_file.h"
#include "config/json_edit.h"
#include "config/shared_file.h"
#include "config/trust.h"
#include "json/json.h"
#include "os/path.h"
#include "session/find_session.h"
#include "session/retention.h"
#include "session/session_list.h"

namespace awl::cli {

namespace {

// One thing that goes, and how.
struct Item {
  std::string what;
  std::string why;
  std::function<Result<>()> remove;
};
using Plan = std::vector<Item>;

Result<> remove_path(const os::Path& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  if (!error) return {};
  return fail(ErrorKind::kIo, fmt::format("{} cannot be removed: {}", path.string(), error.message()));
}

// Transcripts first: one that a process writes to stays, and so does the folder that holds it.
void add_folder(const os::Path& folder, Plan& plan) {
  const auto names = os::list_directory(folder);
  if (!names) return;
  for (const std::string& name : *names) {
    const os::Path file = folder / name;
    if (!name.ends_with(".jsonl")) continue;
    plan.push_back({file.string(),
                    fmt::format("a transcript, and {} things kept with it", session::kept_with(file).size()),
                    [file] { return session::delete_session(file); }});
  }
  plan.push_back({folder.string(), "what else is kept there, memory among it", [folder]() -> Result<> {
                    for (const std::string& name :
                         os::list_directory(folder).value_or(std::vector<std::string>())) {
                      if (name.ends_with(".jsonl"))
                        return fail(ErrorKind::kPermissionDenied,
                                    fmt::format("{} holds a session that is still there", folder.string()));
                    }
                    return remove_path(folder);
                  }});
}

// The lines of history.jsonl that were typed in one of these folders; nullopt: in any.
void add_history(const os::Path& file, const std::optional<std::string>& project, Plan& plan) {
  const auto text = os::read_file(file, 256 << 20);
  if (!text) return;
  const auto concerned = [project](std::string_view line) {
    const auto record = json::parse(line);
    return record && (!project || json::string_or_empty(*record, "project") == *project);
  };
  size_t count = 0;
  for (const std::string_view line : split(*text, '\n'))
    if (!trim(line).empty() && concerned(line)) ++count;
  if (count == 0) return;
  plan.push_back({file.string(), fmt::format("{} prompts", count), [file, concerned] {
                    return config::update_file(file, [&](std::string_view before) -> Result<std::string> {
                      std::string kept;
                      for (const std::string_view line : split(before, '\n')) {
                        if (!trim(line).empty() && !concerned(line)) kept += std::string(line) + "\n";
                      }
                      return kept;
                    });
                  }});
}

void add_member(const config::Locations& locations, const os::Path& file, std::vector<std::string> path,
                std::string why, Plan& plan) {
  const auto text = os::read_file(file);
  if (!text || !json::parse(*text) || !config::find_json_text(*text, path)) return;
  plan.push_back(
      {fmt::format("{}: {}", file.string(), join(path, " › ")), std::move(why), [locations, file, path] {
         return config::update_shared_file(locations, file, [&](std::string_view before) {
           return config::remove_json_text(before, path);
         });
       }});
}

Plan make_plan(const config::Locations& locations, const os::Path& state, bool all) {
  Plan plan;
  const os::Path projects = locations.claude_dir / "projects";
  if (all) {
    for (const std::string& name : os::list_directory(projects).value_or(std::vector<std::string>()))
      add_folder(projects / name, plan);
    add_member(locations, locations.global_file, {"projects"}, "trust and MCP servers of every project",
               plan);
    add_member(locations, state, {"folders"}, "what trusted folders were", plan);
  } else {
    const std::string folder = locations.project_dir.string();
    add_folder(projects / session::project_slug(locations.project_dir), plan);
    add_member(locations, locations.global_file, {"projects", folder}, "the project's trust and MCP servers",
               plan);
    add_member(locations, state, {"folders", folder}, "what the folder was when it was trusted", plan);
  }
  add_history(locations.claude_dir / "history.jsonl",
              all ? std::nullopt : std::optional(locations.project_dir.string()), plan);
  return plan;
}

}  // namespace

int run_purge(const Arguments& arguments, const Environment& shell, const os::Path& cwd) {
  auto locations = config::find_locations(shell, cwd);
  if (!locations) return complain(locations.error());
  if (arguments.words.size() > 1 || (arguments.all_projects && !arguments.words.empty()))
    return complain(
        {.kind = ErrorKind::kInvalidInput, .message = "awl project purge takes one folder, or --all"});
  if (!arguments.words.empty())
    locations->project_dir = os::resolve_links(os::absolute_path(arguments.words[0], cwd, locations->home));
  const std::string whose = arguments.all_projects ? "every project" : locations->project_dir.string();
  const Plan plan = make_plan(*locations, trust_file(shell, locations->home), arguments.all_projects);
  if (plan.empty())
    return complain({.kind = ErrorKind::kNotFound, .message = fmt::format("nothing is kept of {}", whose)});
  std::string text = fmt::format("What is kept of {}:\n", whose);
  for (const Item& item : plan) text += fmt::format("  {}\n      {}\n", item.what, item.why);
  print_text(text);
  if (arguments.dry_run) return 0;
  if (!arguments.yes && !confirm("Delete all of that? It cannot be undone.")) {
    tell("Nothing was deleted; --yes deletes without a question.");
    return 1;
  }
  int exit_code = 0;
  for (const Item& item : plan) {
    if (const auto removed = item.remove(); !removed) exit_code = complain(removed.error());
  }
  return exit_code == 0 ? print_text("Deleted.\n") : exit_code;
}

}  // namespace awl::cli
