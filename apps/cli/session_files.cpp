#include "cli/session_files.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>

#include "agent/worktree.h"
#include "base/clock.h"
#include "base/strings.h"
#include "base/uuid.h"
#include "cli/messages.h"
#include "cli/run_to_end.h"
#include "cli/state_files.h"
#include "cli/version.h"
#include "config/trust.h"
#include "session/find_session.h"
#include "session/session_list.h"

namespace awl::cli {

namespace {

constexpr uint64_t kMaxHeadBytes = 4096;

// The branch that is checked out; "" outside a repository, and for a commit without one.
std::string git_branch(const os::Path& folder) {
  constexpr std::string_view kReference = "ref: refs/heads/";
  for (os::Path at = folder;; at = at.parent_path()) {
    if (const auto head = os::read_file(at / ".git" / "HEAD", kMaxHeadBytes)) {
      const std::string_view text = trim(*head);
      return text.starts_with(kReference) ? std::string(text.substr(kReference.size())) : "";
    }
    if (at == at.parent_path()) return "";
  }
}

Result<os::Path> find_earlier(const Arguments& arguments, const os::Path& projects,
                              const os::Path& project_dir) {
  if (arguments.continue_session && arguments.interactive) {
    // What programs said is no conversation of the person's.
    for (const session::SessionInfo& info :
         session::list_sessions(projects / session::project_slug(project_dir))) {
      if (info.is_interactive()) return info.file;
    }
    return fail(ErrorKind::kNotFound, "there is no session of this folder to go on with",
                "`awl sessions list` shows those of awl -p, too, which --resume ID goes on with.");
  }
  if (arguments.continue_session) return session::newest_session(projects, project_dir);
  if (arguments.resume->empty()) {
    return fail(ErrorKind::kInvalidInput, "--resume needs the id or the name of a session without a terminal",
                "--continue goes on with the last one.");
  }
  return session::find_session(projects, project_dir, *arguments.resume);
}

}  // namespace

agent::WorktreeOptions worktree_options(const config::Settings& settings) {
  return {settings.worktree_from_head, settings.worktree_sparse_paths, settings.worktree_symlinks};
}

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
      run_to_end(io, agent::open_worktree(cwd, *arguments.worktree, worktree_options(settings), shell));
  if (!opened)
    return fail(opened.error().kind, fmt::format("--worktree: {}", opened.error().message),
                opened.error().hint);
  return opened->path;
}

Result<ChosenSession> choose_session(const Arguments& arguments, const config::Locations& locations) {
  const os::Path projects = locations.claude_dir / "projects";
  ChosenSession chosen;
  chosen.id = arguments.session_id.value_or(make_uuid());
  chosen.file = session::transcript_path(projects, locations.project_dir, chosen.id);
  if (!arguments.continue_session && !arguments.resume) {
    if (arguments.session_id && os::path_exists(chosen.file)) {
      return fail(ErrorKind::kInvalidInput, fmt::format("the session id {} is taken", chosen.id),
                  fmt::format("--resume {} goes on with that session.", chosen.id));
    }
    return chosen;
  }
  AWL_TRY(os::Path earlier, find_earlier(arguments, projects, locations.project_dir));
  if (arguments.fork_session) {
    AWL_CHECK(session::copy_session(earlier, chosen.file));
  } else {
    chosen.id = earlier.stem().string();
    chosen.file = std::move(earlier);
  }
  AWL_TRY(chosen.restored, session::restore(chosen.file, arguments.resume_at));
  chosen.restored->forked = arguments.fork_session;
  return chosen;
}

void keep_state(const ChosenSession& chosen, const Environment& shell, Arguments& arguments) {
  if (!chosen.restored) return;
  const session::RestoredSession& restored = *chosen.restored;
  if (!restored.model.empty() && !arguments.model && !shell.has("ANTHROPIC_MODEL"))
    arguments.model = restored.model;
  const std::string& mode = restored.permission_mode;
  const bool is_kept = mode == "acceptEdits" || mode == "dontAsk" || mode == "auto";
  if (is_kept && !arguments.permission_mode && !arguments.skip_permissions) arguments.permission_mode = mode;
  if (!restored.agent.empty() && arguments.agent.empty()) {
    arguments.agent = restored.agent;
    arguments.agent_is_restored = true;
  }
}

namespace {

// How model calls are authenticated, without secrets.
std::string principal_of(const anthropic::Provider& provider) {
  return provider.auth_source.empty()
             ? std::string(to_string(provider.auth))
             : fmt::format("{} ({})", to_string(provider.auth), provider.auth_source);
}

session::RecorderOptions recorder_options(const ChosenSession& chosen, const Setup& setup,
                                          const Arguments& arguments) {
  return {.file = chosen.file,
          .session_id = chosen.id,
          .cwd = setup.locations.project_dir.string(),
          .version = std::string(interface_version()),
          .entry_point = entry_point_of(setup, arguments),
          .git_branch = git_branch(setup.locations.project_dir),
          .last_uuid = chosen.restored ? chosen.restored->last_uuid : "",
          .name = arguments.session_name,
          .permission_mode = std::string(permission::to_string(setup.mode)),
          .agent = arguments.agent,
          .principal = principal_of(setup.provider),
          .workspace = setup.provider.workspace_id};
}

std::unique_ptr<session::Recorder> start_recorder(session::RecorderOptions options) {
  return std::make_unique<session::Recorder>(std::move(options), system_clock_now,
                                             [](const std::string& problem) { tell("Warning: " + problem); });
}

}  // namespace

std::string entry_point_of(const Setup& setup, const Arguments& arguments) {
  const std::string entry_point = setup.environment.get("CLAUDE_CODE_ENTRYPOINT");
  return !entry_point.empty() ? entry_point : arguments.interactive ? "cli" : "sdk-cli";
}

os::Path checkpoint_dir(const config::Locations& locations, const std::string& session_id) {
  return locations.claude_dir / "file-history" / session_id;
}

os::Path plan_file(const Setup& setup, const std::string& session_id) {
  const os::Path& project = setup.locations.project_dir;
  os::Path folder = setup.locations.claude_dir / "plans";
  if (setup.settings.plans_directory) {
    const os::Path wanted = os::absolute_path(*setup.settings.plans_directory, project, setup.locations.home);
    if (os::is_within(os::resolve_links(wanted), project)) folder = wanted;
  }
  return os::resolve_links(folder) / (session_id + ".md");
}

std::unique_ptr<session::Recorder> make_recorder(const ChosenSession& chosen, const Setup& setup,
                                                 const Arguments& arguments) {
  if (!arguments.persist) return nullptr;
  return start_recorder(recorder_options(chosen, setup, arguments));
}

std::unique_ptr<session::Recorder> make_subagent_recorder(const ChosenSession& chosen, const Setup& setup,
                                                          const Arguments& arguments,
                                                          const std::string& agent_id) {
  if (!arguments.persist) return nullptr;
  session::RecorderOptions options = recorder_options(chosen, setup, arguments);
  options.file.replace_extension();
  options.file = options.file / "subagents" / fmt::format("agent-{}.jsonl", agent_id);
  options.last_uuid.clear();
  options.name.clear();
  options.agent_id = agent_id;
  return start_recorder(std::move(options));
}

}  // namespace awl::cli
